//! An instance as a file: little-endian 32-bit columns behind a short head, so that any program reads it at a stroke
//! (`docs/reference/matching.md`).

use std::io::{self, Read, Write};

use thiserror::Error;

use super::Instance;
use super::graph::{Graph, GraphFault, Pair, Supply};
use super::pair::{Need, Point, Resource};

const MAGIC: [u8; 8] = *b"MUSTERD1";
/// Rows of one kind in one file.
const MOST_ROWS: u32 = 1 << 28;

#[derive(Debug, Error)]
pub enum FileFault {
    #[error("the file begins with {0:?}, not with \"MUSTERD1\"; write one with `muster dispatch instance`")]
    Magic(String),
    #[error("the file says it has {count} {what}; at most {MOST_ROWS} are read")]
    Rows { what: &'static str, count: u32 },
    #[error("the column {column} holds {value} in row {row}; it must be a number from {from} to {to}")]
    Value { column: &'static str, row: usize, value: f32, from: f32, to: f32 },
    #[error("the pairs of the needs begin at {first} and end at {last}; they must begin at 0 and end at {pairs}")]
    Ends { first: u32, last: u32, pairs: u32 },
    #[error("{0}")]
    Graph(#[from] GraphFault),
    #[error("the file cannot be read: {0}; is it complete?")]
    Io(#[from] io::Error),
}

fn put(out: &mut impl Write, words: impl IntoIterator<Item = u32>) -> io::Result<()> {
    words.into_iter().try_for_each(|word| out.write_all(&word.to_le_bytes()))
}

fn column<T>(out: &mut impl Write, rows: &[T], word: impl Fn(&T) -> u32) -> io::Result<()> {
    put(out, rows.iter().map(word))
}

fn take(from: &mut impl Read) -> io::Result<u32> {
    let mut word = [0; 4];
    from.read_exact(&mut word)?;
    Ok(u32::from_le_bytes(word))
}

/// Writes an instance. The writer should be buffered.
pub fn write(instance: &Instance, out: &mut impl Write) -> io::Result<()> {
    let Instance { needs, resources, graph } = instance;
    out.write_all(&MAGIC)?;
    let counts = [needs.len(), resources.len(), graph.pairs.len()];
    put(out, counts.map(|count| count as u32).into_iter().chain([graph.step as u32]))?;
    column(out, needs, |need| need.at.x.to_bits())?;
    column(out, needs, |need| need.at.y.to_bits())?;
    column(out, needs, |need| need.skills)?;
    column(out, needs, |need| need.slots)?;
    column(out, needs, |need| need.head)?;
    column(out, needs, |need| need.weight.to_bits())?;
    column(out, resources, |resource| resource.at.x.to_bits())?;
    column(out, resources, |resource| resource.at.y.to_bits())?;
    column(out, resources, |resource| resource.skills)?;
    column(out, resources, |resource| resource.slots)?;
    column(out, resources, |resource| resource.capacity)?;
    column(out, resources, |resource| resource.radius.to_bits())?;
    column(out, resources, |resource| resource.group)?;
    column(out, resources, |resource| resource.recent)?;
    column(out, resources, |resource| resource.acceptance.to_bits())?;
    column(out, &graph.starts, |start| *start)?;
    column(out, &graph.pairs, |pair| pair.resource)?;
    column(out, &graph.pairs, |pair| pair.value as u32)
}

/// Reads an instance and checks all that the solver relies on. The reader should be buffered.
pub fn read(from: &mut impl Read) -> Result<Instance, FileFault> {
    let mut magic = [0; 8];
    from.read_exact(&mut magic)?;
    if magic != MAGIC {
        return Err(FileFault::Magic(String::from_utf8_lossy(&magic).into_owned()));
    }
    let mut count = |what| match take(from)? {
        count if count > MOST_ROWS => Err(FileFault::Rows { what, count }),
        count => Ok(count),
    };
    let (need_count, resource_count, pair_count) = (count("needs")?, count("resources")?, count("pairs")?);
    let step = take(from)? as i32;
    let needs = needs(from, need_count)?;
    let resources = resources(from, resource_count)?;
    let starts = words(from, need_count + 1)?;
    let (first, last) = (starts[0], starts[need_count as usize]);
    if (first, last) != (0, pair_count) {
        return Err(FileFault::Ends { first, last, pairs: pair_count });
    }
    let mut pairs: Vec<Pair> = rows(from, pair_count, |resource| Pair { resource, value: 0 })?;
    fill(from, &mut pairs, |pair, word| pair.value = word as i32)?;
    let supplies: Vec<Supply> = resources.iter().map(Resource::supply).collect();
    let heads = needs.iter().map(|need| need.head).collect();
    let graph = Graph { step, supplies, heads, starts, pairs };
    graph.check()?;
    Ok(Instance { needs, resources, graph })
}

/// A column that the rows begin with; it grows as it is read, so that a lying head costs no memory.
fn rows<T>(from: &mut impl Read, count: u32, row: impl Fn(u32) -> T) -> io::Result<Vec<T>> {
    let mut rows = Vec::with_capacity(count.min(1 << 20) as usize);
    for _ in 0..count {
        rows.push(row(take(from)?));
    }
    Ok(rows)
}

fn words(from: &mut impl Read, count: u32) -> io::Result<Vec<u32>> {
    rows(from, count, |word| word)
}

fn fill<T>(from: &mut impl Read, rows: &mut [T], mut set: impl FnMut(&mut T, u32)) -> io::Result<()> {
    rows.iter_mut().try_for_each(|row| {
        set(row, take(from)?);
        Ok(())
    })
}

/// A column of numbers within bounds.
fn numbers<T>(
    from: &mut impl Read,
    column: &'static str,
    (low, high): (f32, f32),
    rows: &mut [T],
    mut set: impl FnMut(&mut T, f32),
) -> Result<(), FileFault> {
    for (at, row) in rows.iter_mut().enumerate() {
        let value = f32::from_bits(take(from)?);
        if !(low..=high).contains(&value) {
            return Err(FileFault::Value { column, row: at, value, from: low, to: high });
        }
        set(row, value);
    }
    Ok(())
}

const PLACES: (f32, f32) = (-100_000.0, 100_000.0);

fn needs(from: &mut impl Read, count: u32) -> Result<Vec<Need>, FileFault> {
    let at = |x| Point { x: f32::from_bits(x), y: 0.0 };
    let mut needs = rows(from, count, |x| Need { at: at(x), skills: 0, slots: 0, head: 0, weight: 0.0 })?;
    inside("need x", needs.iter().map(|need| need.at.x))?;
    numbers(from, "need y", PLACES, &mut needs, |need, y| need.at.y = y)?;
    fill(from, &mut needs, |need, word| need.skills = word)?;
    fill(from, &mut needs, |need, word| need.slots = word)?;
    fill(from, &mut needs, |need, word| need.head = word)?;
    numbers(from, "need weight", (0.0, 1_000.0), &mut needs, |need, weight| need.weight = weight)?;
    Ok(needs)
}

fn resources(from: &mut impl Read, count: u32) -> Result<Vec<Resource>, FileFault> {
    let blank = |x| Resource {
        at: Point { x: f32::from_bits(x), y: 0.0 },
        skills: 0,
        slots: 0,
        capacity: 0,
        radius: 0.0,
        group: 1,
        recent: 0,
        acceptance: 0.0,
    };
    let mut resources = rows(from, count, blank)?;
    inside("resource x", resources.iter().map(|resource| resource.at.x))?;
    numbers(from, "resource y", PLACES, &mut resources, |resource, y| resource.at.y = y)?;
    fill(from, &mut resources, |resource, word| resource.skills = word)?;
    fill(from, &mut resources, |resource, word| resource.slots = word)?;
    fill(from, &mut resources, |resource, word| resource.capacity = word)?;
    numbers(from, "resource radius", (0.001, 100_000.0), &mut resources, |resource, km| resource.radius = km)?;
    fill(from, &mut resources, |resource, word| resource.group = word)?;
    fill(from, &mut resources, |resource, word| resource.recent = word)?;
    numbers(from, "resource acceptance", (0.0, 1.0), &mut resources, |resource, share| resource.acceptance = share)?;
    Ok(resources)
}

fn inside(column: &'static str, values: impl Iterator<Item = f32>) -> Result<(), FileFault> {
    let (from, to) = PLACES;
    let outside = values.enumerate().find(|(_, value)| !(from..=to).contains(value));
    outside.map_or(Ok(()), |(row, value)| Err(FileFault::Value { column, row, value, from, to }))
}
