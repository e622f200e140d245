//! The file of a model: everything it knows in one compact, checked row of bytes.
//!
//! Little-endian. `MUSTERSN`, format u16, bits u8, classes u8, name and codes (length u8 + UTF-8 each), then per
//! class scale f32, bias f32, offset f32; per channel of the calibration slope f32 and mixing f32 from each class to
//! each; per bucket its number of rows u8; per row tag u16, square
//! u16, one i8 per class; SHA-256 of all before it.

use super::calibrate::Calibration;
use super::model::Model;
use super::table::{Bucket, MAX_CLASSES, Row, Table, WAYS};
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 8] = b"MUSTERSN";
const FORMAT: u16 = 2;
const HASH: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelFault {
    #[error("not a model file: it does not begin with MUSTERSN")]
    Magic,
    #[error("model format {0} is not known to this version, which reads {FORMAT}: train the model again")]
    Format(u16),
    #[error("the model file is damaged: its contents do not match its hash; fetch or train it again")]
    Hash,
    #[error("the model file is malformed at {0}: train it again")]
    Malformed(&'static str),
}

impl Model {
    /// Reads a model from the bytes of its file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelFault> {
        if !bytes.starts_with(MAGIC) {
            return Err(ModelFault::Magic);
        }
        let (body, hash) = bytes.split_at(bytes.len().saturating_sub(HASH));
        let mut input = Input(body.get(MAGIC.len()..).ok_or(ModelFault::Hash)?);
        let format = u16::from_le_bytes(input.take("format")?);
        if format != FORMAT {
            return Err(ModelFault::Format(format));
        }
        if Sha256::digest(body).as_slice() != hash {
            return Err(ModelFault::Hash);
        }
        let [bits, classes] = input.take("sizes")?;
        if !(1..=24).contains(&bits) || !(2..=MAX_CLASSES).contains(&usize::from(classes)) {
            return Err(ModelFault::Malformed("sizes"));
        }
        let name = input.string()?;
        let codes = (0..classes).map(|_| input.string()).collect::<Result<Vec<_>, _>>()?;
        let [mut scales, mut biases] = [[0f32; MAX_CLASSES]; 2];
        let mut calibration = Calibration::plain();
        for class in 0..codes.len() {
            scales[class] = input.float()?;
            biases[class] = input.float()?;
            calibration.offsets[class] = input.float()?;
        }
        for (slope, mixing) in calibration.slopes.iter_mut().zip(&mut calibration.mixing) {
            *slope = input.float()?;
            for weight in mixing[..codes.len()].iter_mut().flat_map(|row| &mut row[..codes.len()]) {
                *weight = input.float()?;
            }
        }
        let table = input.table(u32::from(bits), codes.len())?;
        if !input.0.is_empty() {
            return Err(ModelFault::Malformed("end"));
        }
        let version = version(&name, hash);
        Ok(Self { name, version, codes, table, scales, biases, calibration })
    }

    /// The bytes of the model's file; [`Model::from_bytes`] gives back an equal model.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(FORMAT.to_le_bytes());
        out.extend([self.table.bits() as u8, self.codes.len() as u8]);
        for text in std::iter::once(&self.name).chain(&self.codes) {
            let text = &text[..text.floor_char_boundary(255)];
            out.push(text.len() as u8);
            out.extend(text.as_bytes());
        }
        for class in 0..self.codes.len() {
            for number in [self.scales[class], self.biases[class], self.calibration.offsets[class]] {
                out.extend(number.to_le_bytes());
            }
        }
        for (slope, mixing) in self.calibration.slopes.iter().zip(&self.calibration.mixing) {
            out.extend(slope.to_le_bytes());
            for weight in mixing[..self.codes.len()].iter().flat_map(|row| &row[..self.codes.len()]) {
                out.extend(weight.to_le_bytes());
            }
        }
        let rows = |bucket: &Bucket| bucket.0.into_iter().filter(|row| row.tag != 0);
        out.extend(self.table.buckets.iter().map(|bucket| rows(bucket).count() as u8));
        for row in self.table.buckets.iter().flat_map(rows) {
            out.extend(row.tag.to_le_bytes());
            out.extend(row.square.to_le_bytes());
            out.extend(row.weights[..self.codes.len()].iter().map(|weight| weight.to_le_bytes()[0]));
        }
        let hash = Sha256::digest(&out);
        out.extend(hash.as_slice());
        out
    }

    /// Gives a newly trained model its version.
    pub(crate) fn seal(&mut self) {
        let bytes = self.to_bytes();
        self.version = version(&self.name, &bytes[bytes.len() - HASH..]);
    }
}

/// Name and the first eight hex digits of the file's hash.
fn version(name: &str, hash: &[u8]) -> String {
    let digits = hash.iter().take(4).fold(0u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{name}-{digits:08x}")
}

/// What is still to be read.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn take<const N: usize>(&mut self, part: &'static str) -> Result<[u8; N], ModelFault> {
        let (head, tail) = self.0.split_first_chunk::<N>().ok_or(ModelFault::Malformed(part))?;
        self.0 = tail;
        Ok(*head)
    }

    fn float(&mut self) -> Result<f32, ModelFault> {
        let number = f32::from_le_bytes(self.take("numbers")?);
        if number.is_finite() { Ok(number) } else { Err(ModelFault::Malformed("numbers")) }
    }

    fn string(&mut self) -> Result<String, ModelFault> {
        let [length] = self.take("names")?;
        let (head, tail) = self.0.split_at_checked(usize::from(length)).ok_or(ModelFault::Malformed("names"))?;
        self.0 = tail;
        String::from_utf8(head.to_vec()).map_err(|_| ModelFault::Malformed("names"))
    }

    fn table(&mut self, bits: u32, classes: usize) -> Result<Table, ModelFault> {
        let (counts, tail) = self.0.split_at_checked(1 << bits).ok_or(ModelFault::Malformed("buckets"))?;
        self.0 = tail;
        let mut table = Table::new(bits);
        for (bucket, &count) in table.buckets.iter_mut().zip(counts) {
            if usize::from(count) > WAYS {
                return Err(ModelFault::Malformed("buckets"));
            }
            for row in &mut bucket.0[..usize::from(count)] {
                *row = Row {
                    tag: u16::from_le_bytes(self.take("rows")?),
                    square: u16::from_le_bytes(self.take("rows")?),
                    weights: [0; MAX_CLASSES],
                };
                for weight in &mut row.weights[..classes] {
                    *weight = i8::from_le_bytes(self.take("rows")?);
                }
            }
        }
        Ok(table)
    }
}
