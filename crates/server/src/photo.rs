//! A photo somebody sent becomes one we keep: recognised by its content, read within bounds, turned upright, made small
//! and written anew as JPEG. Place, time, camera and whatever else stood in the file are not carried over.

use std::io::Cursor;
use std::sync::Arc;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use muster_core::intake::Photo;
use muster_core::pack::PhotoRule;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::room::{Incoming, Room};

/// The most that all photos being read at one moment may take, in MiB. One of 40 megapixels takes most of it and is read
/// alone; those a phone made small are read beside each other.
const MEMORY_MIB: u32 = 120;
const MIB: u64 = 1 << 20;
/// The most bytes of photos that have come in and are not read yet, all together.
const COMING_IN: usize = 96 << 20;
/// Around 80 a photo looks as it was and takes a third of what a camera writes.
const QUALITY: u8 = 80;
/// Pixels of the longer side of what a form shows of its photos.
const THUMB: u32 = 240;

/// Why a file is not taken as a photo. `code` is stable and the key of the translated message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoFault {
    #[error("the file is empty; choose the photo again")]
    Empty,
    #[error("the file has {len} bytes or more; at most {max} fit. Take it in a smaller size")]
    Large { len: usize, max: usize },
    #[error("this is {0}, not a photo that can be shown; send a JPEG, PNG or WebP picture")]
    Kind(Kind),
    #[error("the photo has {width} × {height} dots, more than can be read here; save it smaller and send it again")]
    Pixels { width: u32, height: u32 },
    #[error("the photo cannot be read ({0}); it may have been cut off. Send it again, or take another")]
    Broken(String),
    #[error("many photos are coming in at this moment; send it again in a minute, or report without it")]
    Busy,
}

/// What a file is that is no photo, as far as its first bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Gif,
    Heic,
    Pdf,
    Svg,
    Video,
    Unknown,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Gif => "a GIF",
            Self::Heic => "a HEIC or AVIF picture",
            Self::Pdf => "a PDF",
            Self::Svg => "an SVG drawing or a web page",
            Self::Video => "a video",
            Self::Unknown => "another kind of file",
        })
    }
}

impl PhotoFault {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "photo-empty",
            Self::Large { .. } => "photo-large",
            Self::Kind(Kind::Gif) => "photo-gif",
            Self::Kind(Kind::Heic) => "photo-heic",
            Self::Kind(Kind::Pdf) => "photo-pdf",
            Self::Kind(Kind::Svg) => "photo-svg",
            Self::Kind(Kind::Video) => "photo-video",
            Self::Kind(Kind::Unknown) => "photo-kind",
            Self::Pixels { .. } => "photo-pixels",
            Self::Broken(_) => "photo-broken",
            Self::Busy => "photo-busy",
        }
    }

    /// All codes, for the test that pages have words for each.
    pub const CODES: [&'static str; 11] = [
        "photo-empty",
        "photo-large",
        "photo-gif",
        "photo-heic",
        "photo-pdf",
        "photo-svg",
        "photo-video",
        "photo-kind",
        "photo-pixels",
        "photo-broken",
        "photo-busy",
    ];
}

/// Reads photos, never more at once than memory was set aside for.
#[derive(Debug)]
pub struct Photos {
    /// In MiB.
    memory: Arc<Semaphore>,
    pub coming_in: Room,
}

impl Default for Photos {
    fn default() -> Self {
        Self { memory: Arc::new(Semaphore::new(MEMORY_MIB as usize)), coming_in: Room::of(COMING_IN) }
    }
}

impl Photos {
    /// Takes the next piece of a file.
    pub fn take(&self, file: &mut Incoming, piece: &[u8], rule: &PhotoRule) -> Result<(), PhotoFault> {
        let len = file.bytes().len() + piece.len();
        if len > rule.bytes_max {
            return Err(PhotoFault::Large { len, max: rule.bytes_max });
        }
        file.take(&self.coming_in, piece).ok_or(PhotoFault::Busy)
    }

    /// The photo of a file, and a small JPEG of it.
    pub async fn read(&self, file: Incoming, rule: &PhotoRule) -> Result<(Photo, Vec<u8>), PhotoFault> {
        let cost = cost(file.bytes())?;
        // INVARIANT: the semaphore is never closed, and `cost` is within it.
        let memory = Arc::clone(&self.memory).acquire_many_owned(cost).await.map_err(|_| PhotoFault::Busy)?;
        let side = rule.side_max;
        let read = tokio::task::spawn_blocking(move || {
            let read = rewrite(file.bytes(), cost, side);
            drop((file, memory));
            read
        });
        read.await.unwrap_or_else(|panic| Err(PhotoFault::Broken(panic.to_string())))
    }

    /// The same of bytes that are here already.
    pub async fn read_bytes(&self, bytes: &[u8], rule: &PhotoRule) -> Result<(Photo, Vec<u8>), PhotoFault> {
        let mut file = Incoming::default();
        self.take(&mut file, bytes, rule)?;
        self.read(file, rule).await
    }
}

/// By the first bytes, never by name: what a file says of itself elsewhere is what somebody wants us to believe.
fn sniff(bytes: &[u8]) -> Result<ImageFormat, PhotoFault> {
    let head = &bytes[..bytes.len().min(512)];
    let text = head.trim_ascii_start().to_ascii_lowercase();
    let brand = if head.get(4..8) == Some(b"ftyp") { head.get(8..12) } else { None };
    match head {
        [] => Err(PhotoFault::Empty),
        [0xff, 0xd8, 0xff, ..] => Ok(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(ImageFormat::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(ImageFormat::WebP),
        [b'G', b'I', b'F', b'8', ..] => Err(PhotoFault::Kind(Kind::Gif)),
        [b'%', b'P', b'D', b'F', ..] => Err(PhotoFault::Kind(Kind::Pdf)),
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Err(PhotoFault::Kind(Kind::Video)),
        _ => Err(PhotoFault::Kind(match brand {
            Some(b"heic" | b"heix" | b"heim" | b"heis" | b"mif1" | b"msf1" | b"avif" | b"avis") => Kind::Heic,
            Some(_) => Kind::Video,
            None if text.starts_with(b"<") => Kind::Svg,
            None => Kind::Unknown,
        })),
    }
}

/// MiB that reading takes at its peak, from the head alone; refuses what would take more than there is.
fn cost(bytes: &[u8]) -> Result<u32, PhotoFault> {
    let format = sniff(bytes)?;
    let (width, height, size) = if format == ImageFormat::Png {
        png_size(bytes).ok_or_else(|| PhotoFault::Broken("the header is cut off".to_owned()))?
    } else {
        let decoder = reader(bytes, format, MEMORY_MIB).into_decoder().map_err(|error| fault(&error, bytes))?;
        let (width, height) = decoder.dimensions();
        (width, height, decoder.total_bytes())
    };
    let passes = match format {
        // All coefficients are held beside the picture until the last scan.
        ImageFormat::Jpeg if is_progressive(bytes) => 3,
        ImageFormat::WebP => 2,
        _ => 1,
    };
    let mib = size.saturating_mul(passes) / MIB + 1;
    let fits = u32::try_from(mib).ok().filter(|mib| *mib <= MEMORY_MIB);
    fits.filter(|_| u64::from(width) * u64::from(height) > 0).ok_or(PhotoFault::Pixels { width, height })
}

/// Whether a frame of a JPEG comes in several scans (ITU-T T.81, table B.1: SOF2, and the kinds no camera writes).
fn is_progressive(jpeg: &[u8]) -> bool {
    let mut rest = jpeg.get(2..).unwrap_or_default();
    while let [0xff, marker, tail @ ..] = rest {
        match (marker, tail) {
            (0xc0 | 0xc1, _) => return false,
            (0xff, _) => rest = &rest[1..],
            (0xe0..=0xef | 0xfe | 0xdb | 0xc4 | 0xdd | 0xcc, [high, low, ..]) => {
                rest = tail.get(usize::from(u16::from_be_bytes([*high, *low]))..).unwrap_or_default();
            }
            _ => return true,
        }
    }
    true
}

/// Width, height and bytes of the pixels of a PNG by its first chunk (ISO/IEC 15948, 11.2.2): to make a decoder would
/// unpack colour profiles, which may be large, before the cost is known.
fn png_size(bytes: &[u8]) -> Option<(u32, u32, u64)> {
    let number = |at| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let (width, height) = (number(16)?, number(20)?);
    // A chunk that names what is transparent makes the decoder add that to each pixel.
    let is_seen_through = bytes.windows(4).any(|four| four == b"tRNS");
    let samples = match (bytes.get(25)?, is_seen_through) {
        (0, false) => 1,
        (0, true) | (4, _) => 2,
        (2, false) => 3,
        _ => 4,
    };
    let sample = if *bytes.get(24)? == 16 { 2 } else { 1 };
    let size = u64::from(width).saturating_mul(u64::from(height)).saturating_mul(samples * sample);
    Some((width, height, size))
}

fn reader(bytes: &[u8], format: ImageFormat, mib: u32) -> ImageReader<Cursor<&[u8]>> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(u64::from(mib) * MIB);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    reader
}

fn fault(error: &ImageError, bytes: &[u8]) -> PhotoFault {
    // Of the formats read here only PNG meets a limit before its size is told; its header stands in one place.
    match (error, png_size(bytes)) {
        (ImageError::Limits(_), Some((width, height, _))) => PhotoFault::Pixels { width, height },
        _ => PhotoFault::Broken(error.to_string()),
    }
}

/// `cost` is what reading takes, in MiB.
fn rewrite(bytes: &[u8], cost: u32, side: u32) -> Result<(Photo, Vec<u8>), PhotoFault> {
    let fault = |error: ImageError| fault(&error, bytes);
    // Beside the pixels, a profile and other small things.
    let mut decoder = reader(bytes, sniff(bytes)?, cost + 8).into_decoder().map_err(fault)?;
    let orientation = decoder.orientation().map_err(fault)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(fault)?;
    let mut picture = within(picture, side);
    picture.apply_orientation(orientation);
    let picture = DynamicImage::ImageRgb8(on_white(picture));
    let jpeg = encode(&picture).map_err(fault)?;
    let thumb = encode(&within(picture.clone(), THUMB)).map_err(fault)?;
    let hash = Sha256::digest(&jpeg).into();
    Ok((Photo { width: picture.width(), height: picture.height(), hash, jpeg: jpeg.into() }, thumb))
}

/// Averages over whole blocks: as good as any filter at these ratios, and it needs no second picture of the large size.
fn within(picture: DynamicImage, side: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= side { picture } else { picture.thumbnail(side, side) }
}

/// What shows through is paper.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba = picture.into_rgba8();
    let mix = |channel: u8, alpha: u8| {
        let (channel, alpha) = (u16::from(channel), u16::from(alpha));
        ((channel * alpha + 255 * (255 - alpha)) / 255) as u8
    };
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0;
        Rgb([mix(r, a), mix(g, a), mix(b, a)])
    })
}

fn encode(picture: &DynamicImage) -> Result<Vec<u8>, ImageError> {
    let mut jpeg = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY))?;
    Ok(jpeg)
}
