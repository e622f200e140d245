//! Splits a stream into records: a line of JSONL, or a line of CSV that may go on inside quotes.
//!
//! A record is bounded, so that a file of any size needs the memory of one. What is too long, or opens a quote and
//! never closes it, becomes one faulty record, and reading goes on with the next line: that is why CSV is not left to
//! the library, which would read on to the end of the file; a test holds the two against each other.

use std::io::{self, Read};

/// Bytes of the longest record. The longest text a pack can allow has 100,000 characters.
const RECORD_MAX: usize = 1 << 20;
/// Bytes kept of a record that is longer.
const KEPT: usize = 1 << 12;
const CHUNK: usize = 1 << 16;

/// Where a record ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Lines,
    Csv { delimiter: u8 },
}

/// Why a record is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    TooLong,
    OpenQuote,
}

/// One record without its line end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The line it begins on, from 1.
    pub(super) line: u64,
    pub(super) bytes: Vec<u8>,
    pub(super) broken: Option<Broken>,
}

pub(super) struct Records<R> {
    input: R,
    /// Read and not yet given out.
    buffer: Vec<u8>,
    line: u64,
    at_end: bool,
}

/// Where the scan of a CSV record stands (RFC 4180; a quote inside a bare field is a letter like any other).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    FieldStart,
    Bare,
    Quoted,
    /// After a quote inside quotes: the end of the field, or the first half of a doubled one.
    Quote,
}

impl<R: Read> Records<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, buffer: Vec::new(), line: 1, at_end: false }
    }

    /// The first bytes, at least `count` unless the stream is shorter.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.buffer.len() < count && !self.at_end {
            self.fill()?;
        }
        Ok(&self.buffer)
    }

    /// Passes over the mark some programs put before UTF-8 text.
    pub(super) fn skip_mark(&mut self) -> io::Result<()> {
        if self.peek(3)?.starts_with(b"\xef\xbb\xbf") {
            self.buffer.drain(..3);
        }
        Ok(())
    }

    /// The next record that is not blank; `None` at the end.
    pub(super) fn next(&mut self, shape: Shape) -> io::Result<Option<Record>> {
        loop {
            let line = self.line;
            let Some((mut bytes, broken)) = self.take(shape)? else { return Ok(None) };
            while bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
                bytes.pop();
            }
            if !bytes.trim_ascii().is_empty() {
                return Ok(Some(Record { line, bytes, broken }));
            }
        }
    }

    fn take(&mut self, shape: Shape) -> io::Result<Option<(Vec<u8>, Option<Broken>)>> {
        let (mut scanned, mut place) = (0, Place::FieldStart);
        loop {
            let end = match shape {
                Shape::Lines => self.buffer[scanned..].iter().position(|byte| *byte == b'\n'),
                Shape::Csv { delimiter } => csv_end(&self.buffer[scanned..], delimiter, &mut place),
            };
            if let Some(end) = end {
                return Ok(Some((self.give(scanned + end + 1), None)));
            }
            scanned = self.buffer.len();
            if self.at_end || scanned >= RECORD_MAX {
                break;
            }
            self.fill()?;
        }
        let quoted = place == Place::Quoted;
        match self.buffer.iter().position(|byte| *byte == b'\n') {
            _ if self.buffer.is_empty() => Ok(None),
            _ if self.at_end && !quoted => Ok(Some((self.give(self.buffer.len()), None))),
            Some(end) if quoted => Ok(Some((self.give(end + 1), Some(Broken::OpenQuote)))),
            None if quoted && self.at_end => Ok(Some((self.give(self.buffer.len()), Some(Broken::OpenQuote)))),
            _ => Ok(Some((self.pass_over()?, Some(Broken::TooLong)))),
        }
    }

    /// Takes `count` bytes off the front and counts their lines.
    fn give(&mut self, count: usize) -> Vec<u8> {
        let rest = self.buffer.split_off(count);
        let given = std::mem::replace(&mut self.buffer, rest);
        self.line += given.split(|byte| *byte == b'\n').count() as u64 - 1;
        given
    }

    /// Drops everything to the end of the line; returns its beginning.
    fn pass_over(&mut self) -> io::Result<Vec<u8>> {
        let kept = self.buffer[..KEPT.min(self.buffer.len())].to_vec();
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                self.give(end + 1);
                return Ok(kept);
            }
            self.buffer.clear();
            if self.at_end {
                return Ok(kept);
            }
            self.fill()?;
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let before = self.buffer.len();
        self.buffer.resize(before + CHUNK, 0);
        let read = loop {
            match self.input.read(&mut self.buffer[before..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.buffer.truncate(before + *read.as_ref().unwrap_or(&0));
        self.at_end = read? == 0;
        Ok(())
    }
}

impl Place {
    fn after(self, byte: u8, delimiter: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::Quote,
            (Self::Quoted, _) | (Self::Quote | Self::FieldStart, b'"') => Self::Quoted,
            (_, byte) if byte == delimiter => Self::FieldStart,
            _ => Self::Bare,
        }
    }
}

/// The place of the line end that ends the record, if it is among `bytes`; `place` carries over to the next call.
fn csv_end(bytes: &[u8], delimiter: u8, place: &mut Place) -> Option<usize> {
    bytes.iter().position(|byte| {
        let is_end = *byte == b'\n' && *place != Place::Quoted;
        *place = place.after(*byte, delimiter);
        is_end
    })
}

/// The fields of one CSV record, without their quotes.
pub(super) fn fields(record: &[u8], delimiter: u8) -> Vec<Vec<u8>> {
    let mut fields = Vec::new();
    let (mut field, mut place) = (Vec::new(), Place::FieldStart);
    for byte in record {
        let next = place.after(*byte, delimiter);
        match (place, next) {
            (_, Place::FieldStart) => fields.push(std::mem::take(&mut field)),
            (Place::FieldStart, Place::Quoted) | (Place::Quoted, Place::Quote) => {}
            _ => field.push(*byte),
        }
        place = next;
    }
    fields.push(field);
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CSV: Shape = Shape::Csv { delimiter: b',' };

    fn split(shape: Shape, text: &[u8]) -> Vec<(u64, String, Option<Broken>)> {
        let mut records = Records::new(text);
        let mut all = Vec::new();
        while let Some(record) = records.next(shape).unwrap() {
            all.push((record.line, String::from_utf8_lossy(&record.bytes).into_owned(), record.broken));
        }
        all
    }

    #[test]
    fn quotes_hold_line_ends_and_a_stray_one_does_not() {
        let text = "a,\"b\nc\"\r\n\nd,5\" pipe\n\"say \"\"no\"\"\n\",e";
        let found = split(CSV, text.as_bytes());
        let expected = [(1, "a,\"b\nc\"", None), (4, "d,5\" pipe", None), (5, "\"say \"\"no\"\"\n\",e", None)];
        assert_eq!(found, expected.map(|(line, text, broken)| (line, text.to_owned(), broken)));
    }

    #[test]
    fn a_quote_never_closed_costs_one_line() {
        let found = split(CSV, b"a,\"b\nc,d\ne,f");
        assert_eq!(found[0], (1, "a,\"b".to_owned(), Some(Broken::OpenQuote)));
        assert_eq!(found[1..], [(2, "c,d".to_owned(), None), (3, "e,f".to_owned(), None)]);
    }

    #[test]
    fn a_line_too_long_is_cut_and_the_next_is_whole() {
        let mut text = vec![b'x'; 3 * RECORD_MAX];
        text.extend(b"\nshort\n");
        for shape in [Shape::Lines, CSV] {
            let found = split(shape, &text);
            assert_eq!((found[0].1.len(), found[0].2), (KEPT, Some(Broken::TooLong)));
            assert_eq!(found[1], (2, "short".to_owned(), None));
        }
    }

    proptest! {
        #[test]
        fn fields_are_those_of_the_library(record in "[ab,\"\\n]{1,24}") {
            let found = split(CSV, record.as_bytes());
            prop_assume!(found.iter().all(|(_, _, broken)| broken.is_none()));
            let mut library = csv::ReaderBuilder::new();
            library.has_headers(false).flexible(true).terminator(csv::Terminator::Any(b'\n'));
            let expected: Vec<Vec<Vec<u8>>> = library
                .from_reader(record.as_bytes())
                .byte_records()
                .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
                .collect();
            let own: Vec<Vec<Vec<u8>>> = found.iter().map(|(_, record, _)| fields(record.as_bytes(), b',')).collect();
            prop_assert_eq!(own, expected);
        }
    }
}
