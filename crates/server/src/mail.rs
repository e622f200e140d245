//! A mail as a program receives it (RFC 5322, MIME): who writes, what about, what they say, and their pictures.

use mail_parser::{MessageParser, MimeHeaders, PartType};
use muster_core::intake::letter;

/// Characters of a text that are read.
const TEXT: usize = 200_000;
/// Pictures of one mail that are looked at.
const PICTURES: usize = 20;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// Address of the sender, in lower case.
    pub from: String,
    pub name: String,
    pub subject: String,
    pub text: String,
    /// Attachments that say they are pictures.
    pub pictures: Vec<Vec<u8>>,
    /// Attachments that do not.
    pub others: usize,
    /// Made by a machine, such as an absence note: whoever answers it may answer for ever (RFC 3834).
    pub is_automatic: bool,
}

impl Mail {
    /// `None` when this is no mail at all: not one line of a head.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let message = MessageParser::default().parse(bytes)?;
        let sender = message.from().and_then(|from| from.first());
        let said = |name: &str| message.header_raw(name).unwrap_or_default().trim().to_lowercase();
        let automatic = said("Auto-Submitted");
        let is_bulk = ["bulk", "junk", "auto_reply", "list"].contains(&said("Precedence").as_str());
        let mut mail = Self {
            from: sender.and_then(|from| from.address()).unwrap_or_default().trim().to_lowercase(),
            name: sender.and_then(|from| from.name()).unwrap_or_default().trim().to_owned(),
            subject: letter::subject(message.subject().unwrap_or_default()),
            text: letter::body(&begin(&message.body_text(0).unwrap_or_default())),
            is_automatic: !matches!(automatic.as_str(), "" | "no") || is_bulk || said("Return-Path") == "<>",
            ..Self::default()
        };
        for part in message.attachments() {
            let is_picture = part.content_type().is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
            match &part.body {
                PartType::Binary(bytes) | PartType::InlineBinary(bytes)
                    if is_picture && mail.pictures.len() < PICTURES =>
                {
                    mail.pictures.push(bytes.to_vec());
                }
                _ => mail.others += 1,
            }
        }
        Some(mail)
    }
}

/// More than any pack lets a text have: what is longer is refused with its beginning.
fn begin(text: &str) -> String {
    text.chars().take(TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_read_whatever_program_wrote_it() {
        let plain = "From: =?UTF-8?B?546L5aWz5aOr?= <Wang@Example.org>\r\nSubject: =?GBK?B?u9i4tKO6wre1xru1wcs=?=\r\n\
            Content-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: base64\r\n\r\nwre1xru1wcvI/czs\r\n";
        let mail = Mail::read(plain.as_bytes()).unwrap();
        assert_eq!((mail.from.as_str(), mail.name.as_str()), ("wang@example.org", "王女士"));
        assert_eq!((mail.subject.as_str(), mail.text.as_str()), ("路灯坏了", "路灯坏了三天"));
        assert!(!mail.is_automatic && mail.pictures.is_empty());

        let html = "From: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
            --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><head><style>p { color: red }</style><script>alert(1)</script>\
            </head><body><p>路灯坏了&amp;井盖松了</p><p>三天了</p></body></html>\r\n\
            --b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n\
            --b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF\r\n--b--\r\n";
        let mail = Mail::read(html.as_bytes()).unwrap();
        assert!(mail.text.starts_with("路灯坏了&井盖松了") && mail.text.ends_with("三天了"), "{mail:?}");
        assert!(!mail.text.contains("alert") && !mail.text.contains("color"), "{mail:?}");
        assert_eq!((mail.pictures.as_slice(), mail.others), (&[b"\x89PNG".to_vec()][..], 1));
    }

    #[test]
    fn machines_are_told_from_people() {
        for (line, expected) in [
            ("Auto-Submitted: auto-replied", true),
            ("Auto-Submitted: no", false),
            ("Precedence: bulk", true),
            ("Return-Path: <>", true),
            ("Return-Path: <a@example.org>", false),
        ] {
            let mail = format!("From: a@example.org\r\n{line}\r\nSubject: x\r\n\r\n路灯坏了\r\n");
            assert_eq!(Mail::read(mail.as_bytes()).unwrap().is_automatic, expected, "{line}");
        }
        assert_eq!(Mail::read(b""), None);
    }
}
