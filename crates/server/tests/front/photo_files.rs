//! Files that somebody may send as photos: what becomes of them, and that nothing of them but the picture remains.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use muster_core::intake::Photo;
use muster_core::pack::PhotoRule;
use muster_server::pack_default::default_pack;
use muster_server::photo::{PhotoFault, Photos};
use proptest::prelude::*;

/// Where the camera says it was; every file of `camera` holds it.
const PLACE: &[u8] = b"N30.2741 E120.1551";
const SCRIPT: &[u8] = b"<script>alert(1)</script>";

/// A picture whose left half is red and whose right half is blue.
fn halves(width: u32, height: u32) -> DynamicImage {
    let colour = |x| if x < width / 2 { Rgb([200, 30, 30]) } else { Rgb([30, 30, 200]) };
    RgbImage::from_fn(width, height, |x, _| colour(x)).into()
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    written(&halves(width, height), ImageFormat::Png)
}

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// A JPEG as a phone writes it: lying on its side, with the place in its EXIF (orientation 6 means a quarter turn to the
/// right) and in a comment.
pub(crate) fn camera(width: u32, height: u32) -> Vec<u8> {
    let mut jpeg = Vec::new();
    halves(width, height).write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 90)).unwrap();
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    // Orientation, a short; then a pointer to a directory of the place, whose one entry is text.
    exif.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
    exif.extend(b"\x25\x88\x04\0\x01\0\0\0\x26\0\0\0");
    exif.extend(b"\0\0\0\0\x01\0\x1d\0\x02\0\x12\0\0\0\x38\0\0\0\0\0\0\0");
    exif.extend(PLACE);
    let segment = |marker: u8, content: &[u8]| {
        let length = (content.len() as u16 + 2).to_be_bytes();
        [&[0xff, marker], &length[..], content].concat()
    };
    [&jpeg[..2], &segment(0xe1, &exif), &segment(0xfe, PLACE), &jpeg[2..]].concat()
}

fn rule() -> PhotoRule {
    default_pack().intake.photos.clone()
}

async fn read(bytes: &[u8]) -> Result<Photo, PhotoFault> {
    Photos::default().read_bytes(bytes, &rule()).await.map(|(photo, _)| photo)
}

async fn refused(bytes: &[u8]) -> String {
    read(bytes).await.map_or_else(|fault| fault.code().to_owned(), |photo| format!("{photo:?}"))
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The colour in the middle of a quarter: (0 or 1, 0 or 1).
fn colour(jpeg: &[u8], right: u32, below: u32) -> [u8; 3] {
    let picture = image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap().into_rgb8();
    let (x, y) = (picture.width() * (1 + 2 * right) / 4, picture.height() * (1 + 2 * below) / 4);
    picture.get_pixel(x, y).0
}

#[tokio::test]
async fn a_photo_stands_upright_is_small_and_does_not_say_where_it_was_taken() {
    let sent = camera(2400, 1200);
    assert!(holds(&sent, PLACE) && holds(&sent, b"Exif"));
    let photo = read(&sent).await.unwrap();
    assert_eq!((photo.width, photo.height), (800, 1600), "turned by a quarter, and the longer side cut to the pack's");
    for part in [PLACE, b"Exif", b"\xff\xe1", b"\xff\xfe", b"N30"] {
        assert!(!holds(&photo.jpeg, part), "{part:?} is left");
    }
    let [top, bottom] = [colour(&photo.jpeg, 0, 0), colour(&photo.jpeg, 0, 1)];
    assert!(top[0] > 150 && bottom[2] > 150, "what was left is on top: {top:?} {bottom:?}");
}

#[tokio::test]
async fn every_format_that_is_taken_becomes_a_jpeg() {
    let clear = RgbaImage::from_pixel(40, 30, Rgba([0, 0, 0, 0]));
    let mut webp = Vec::new();
    halves(400, 300).write_with_encoder(WebPEncoder::new_lossless(&mut webp)).unwrap();
    let deep = written(&DynamicImage::ImageRgb16(halves(400, 300).into_rgb16()), ImageFormat::Png);
    for (name, bytes, size) in [
        ("png", png(400, 300), (400, 300)),
        ("webp", webp, (400, 300)),
        ("16 bits", deep, (400, 300)),
        ("clear", written(&clear.into(), ImageFormat::Png), (40, 30)),
        ("one dot", png(1, 1), (1, 1)),
        ("a line", png(5000, 1), (1600, 1)),
    ] {
        let photo = read(&bytes).await.unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert_eq!((photo.width, photo.height), size, "{name}");
        assert_eq!(&photo.jpeg[..3], [0xff, 0xd8, 0xff], "{name}");
        assert_eq!(photo.jpeg, read(&bytes).await.unwrap().jpeg, "{name}: the same file is the same photo");
        if name == "clear" {
            assert!(colour(&photo.jpeg, 0, 0)[0] > 250, "what shows through is white");
        }
    }
}

#[tokio::test]
async fn what_is_no_photo_is_named_by_its_content() {
    let cases: [(&[u8], &str); 14] = [
        (b"", "photo-empty"),
        (b"GIF89a\x01\0\x01\0\x80\0\0", "photo-gif"),
        (b"%PDF-1.7 and the rest", "photo-pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "photo-svg"),
        (b"\n <?xml version='1.0'?><svg/>", "photo-svg"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "photo-svg"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1", "photo-heic"),
        (b"\0\0\0\x18ftypavif\0\0\0\0mif1", "photo-heic"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp41", "photo-video"),
        (b"\x1a\x45\xdf\xa3webm", "photo-video"),
        (b"PK\x03\x04 a document", "photo-kind"),
        (b"II*\0 a TIFF", "photo-kind"),
        (b"just words", "photo-kind"),
        (b"\xff\xd8\xff", "photo-broken"),
    ];
    for (bytes, code) in cases {
        assert_eq!(refused(bytes).await, code, "{}", String::from_utf8_lossy(bytes));
        assert!(PhotoFault::CODES.contains(&code));
    }
    let rule = PhotoRule { bytes_max: 1000, ..rule() };
    let large = Photos::default().read_bytes(&camera(400, 300), &rule).await.unwrap_err();
    assert_eq!(large.code(), "photo-large");
    assert!(large.to_string().contains("1000"), "{large}");
}

#[tokio::test]
async fn a_file_that_is_two_things_keeps_only_its_picture() {
    let jpeg = camera(64, 48);
    let zip = [&jpeg[..], b"PK\x03\x04", SCRIPT].concat();
    let mut words = png(64, 48);
    let text = [b"Comment\0", SCRIPT].concat();
    // A chunk of text behind the header, with a checksum that readers of other chunks do not mind.
    let chunk = [&(text.len() as u32).to_be_bytes()[..], b"tEXt", &text, &[0; 4]].concat();
    words.splice(33..33, chunk);
    for (name, bytes) in [("JPEG and ZIP", zip), ("PNG and a web page", words)] {
        assert!(holds(&bytes, SCRIPT), "{name}");
        if let Ok(photo) = read(&bytes).await {
            assert!(!holds(&photo.jpeg, SCRIPT) && !holds(&photo.jpeg, b"PK\x03\x04"), "{name}");
        }
    }
    assert!(read(&[&jpeg[..], SCRIPT].concat()).await.is_ok(), "what follows the picture is no reason to refuse it");
}

#[tokio::test]
async fn what_would_burst_when_unpacked_is_refused_by_its_head() {
    let mut bomb = png(8, 8);
    for side in [16, 20] {
        bomb[side..side + 4].copy_from_slice(&60_000_u32.to_be_bytes());
    }
    let crc = crc(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&crc);
    assert_eq!(refused(&bomb).await, "photo-pixels");
    let said = read(&bomb).await.unwrap_err().to_string();
    assert!(said.contains("60000"), "{said}");

    // The frame header of a JPEG tells its size: SOF0 in one scan, SOF2 in several, which need all of it at once.
    let frame = |kind: u8, side: u16| {
        let mut jpeg = camera(64, 48);
        let at = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
        jpeg[at + 1] = kind;
        jpeg[at + 5..at + 7].copy_from_slice(&side.to_be_bytes());
        jpeg[at + 7..at + 9].copy_from_slice(&side.to_be_bytes());
        jpeg
    };
    assert_eq!(refused(&frame(0xc0, 65_500)).await, "photo-pixels");
    assert_eq!(refused(&frame(0xc2, 6_000)).await, "photo-pixels");
    assert_ne!(refused(&frame(0xc0, 6_000)).await, "photo-pixels", "36 megapixels in one scan are read");
}

/// The checksum of a PNG chunk (RFC 2083, 15).
fn crc(bytes: &[u8]) -> u32 {
    let step = |sum: u32| if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 };
    !bytes.iter().fold(!0_u32, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _| step(sum)))
}

#[tokio::test]
async fn a_file_cut_off_anywhere_is_read_or_refused() {
    for whole in [camera(160, 120), png(160, 120)] {
        for end in (0..whole.len()).step_by(whole.len() / 60) {
            match read(&whole[..end]).await {
                Ok(photo) => assert!(photo.width.max(photo.height) == 160, "cut at {end}: {photo:?}"),
                Err(fault) => assert!(["photo-empty", "photo-kind", "photo-broken"].contains(&fault.code()), "{fault}"),
            }
        }
    }
}

/// A picture with bytes changed, cut out or doubled.
pub(crate) fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let edits = proptest::collection::vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>()), 0..8);
    let whole = prop_oneof![Just(camera(64, 48)), Just(png(48, 64)), Just(webp())];
    (whole, edits).prop_map(|(mut bytes, edits)| {
        for (at, what, byte) in edits {
            let at = at.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match what {
                _ if bytes.is_empty() => bytes.push(byte),
                0 => bytes[at] = byte,
                1 => bytes.truncate(at),
                2 => drop(bytes.remove(at)),
                _ => bytes.extend_from_within(at..),
            }
        }
        bytes
    })
}

fn webp() -> Vec<u8> {
    let mut webp = Vec::new();
    halves(48, 48).write_with_encoder(WebPEncoder::new_lossless(&mut webp)).unwrap();
    webp
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_taken_is_a_small_jpeg_without_the_place(bytes in damaged()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        if let Ok(photo) = runtime.block_on(read(&bytes)) {
            prop_assert!(photo.width.max(photo.height) <= rule().side_max);
            prop_assert!(!holds(&photo.jpeg, PLACE));
            prop_assert!(image::load_from_memory_with_format(&photo.jpeg, ImageFormat::Jpeg).is_ok());
        }
    }
}
