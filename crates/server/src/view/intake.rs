//! Pages through which a report comes in: the resident's three screens and receipt, and the operator's desk.

use askama::Template;

use super::photos::Chooser;
use super::qr::Qr;
use super::{Areas, Choice, Shell, When};

/// What a resident has typed so far. Each screen carries all of it, so nothing is lost and no script is needed.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub text: String,
    /// The area's digits, or its label where the list is searchable.
    pub area: String,
    pub place: String,
    pub name: String,
    pub phone: String,
    /// Who the report is for, when somebody reports for another person.
    pub behalf: String,
    /// The language in which they want to be told by short message; empty: not at all.
    pub tell: String,
    /// Whether this city sends short messages.
    pub may_tell: bool,
    /// Idempotency key, drawn when the first screen was made.
    pub key: String,
    pub photos: Chooser,
}

/// `/`: the first of three screens, and the doors beside it.
/// Posts to `/report/contact`: `text`, `area`, `place`.
#[derive(Template)]
#[template(path = "intake/home.html")]
pub struct HomePage {
    pub shell: Shell,
    pub draft: Draft,
    pub areas: Areas,
}

/// Second screen. Posts to `/report/check`: `name`, `phone`, `behalf`; the way back posts to `/report`'s first screen, `/report/what`.
#[derive(Template)]
#[template(path = "intake/contact.html")]
pub struct ContactPage {
    pub shell: Shell,
    pub draft: Draft,
    pub advice: Advice,
}

/// An open case that resembles the draft, without its code and without a word that the draft has not.
#[derive(Clone, Debug)]
pub struct SimilarCase {
    /// What the form sends to choose it.
    pub token: String,
    pub class: String,
    pub area: String,
    pub state: String,
    /// The month it was told in.
    pub when: When,
    /// The draft's own words that the case has too.
    pub shared: Vec<String>,
}

/// The answer of `join` that the report is about something else.
pub const ANOTHER: &str = "none";

/// What is said to whoever reports before anything else.
#[derive(Clone, Debug, Default)]
pub struct Advice {
    /// The number to call at once, if it happens now.
    pub call: Option<String>,
    /// Why the matter may belong elsewhere, and to whom.
    pub door: Option<(String, String)>,
    /// A place named in the text and the area it is known to lie in, which is not the one chosen.
    pub other: Option<(String, String)>,
}

/// Third screen: everything read back. Posts to `/report`, with `join` holding a similar case's token or [`ANOTHER`].
#[derive(Template)]
#[template(path = "intake/check.html")]
pub struct CheckPage {
    pub shell: Shell,
    pub draft: Draft,
    pub advice: Advice,
    pub area_label: String,
    pub similar: Vec<SimilarCase>,
    /// The answer chosen, or proposed.
    pub join: String,
}

/// The receipt, shown once.
#[derive(Template)]
#[template(path = "intake/done.html")]
pub struct DonePage {
    pub shell: Shell,
    /// The code in groups that can be read aloud, such as `["7K3F", "Q9WX", "2M4"]`.
    pub code: Vec<String>,
    pub secret: Vec<String>,
    /// The unit that must answer; `None` while a person still reads the report.
    pub unit: Option<String>,
    pub due: When,
    /// Why this unit and this time, one sentence each.
    pub why: Vec<String>,
    /// True when the report joined a case that was already open.
    pub joined: bool,
    pub advice: Advice,
}

impl DonePage {
    /// The code as one word, for links and copying.
    pub fn joined_code(&self) -> String {
        self.code.concat()
    }
}

/// A case the caller has told before.
#[derive(Clone, Debug)]
pub struct EarlierCase {
    pub code: String,
    pub title: String,
    pub state: String,
    pub unit: String,
    pub when: When,
}

/// What an operator has typed. Field names equal those of the form.
#[derive(Clone, Debug, Default)]
pub struct DeskForm {
    pub phone: String,
    pub name: String,
    pub behalf: String,
    /// They want to be told by short message.
    pub tell: bool,
    pub area: String,
    pub place: String,
    pub text: String,
    pub channel: String,
    pub key: String,
}

/// A report just taken at the desk.
#[derive(Clone, Debug)]
pub struct Taken {
    pub code: Vec<String>,
    pub secret: Vec<String>,
    /// The unit that must answer, or `None` while it waits in triage.
    pub unit: Option<String>,
    pub due: When,
}

impl Taken {
    /// The code as one word, for addresses.
    pub fn joined_code(&self) -> String {
        self.code.concat()
    }

    pub fn spelled_code(&self) -> String {
        spelled(&self.code)
    }

    pub fn spelled_secret(&self) -> String {
        spelled(&self.secret)
    }
}

/// Letter by letter, as a voice should read it.
fn spelled(groups: &[String]) -> String {
    let groups = groups.iter().map(|group| group.chars().map(String::from).collect::<Vec<_>>().join(" "));
    groups.collect::<Vec<_>>().join(", ")
}

/// What someone at a service station takes home on paper.
#[derive(Clone, Debug)]
pub struct Slip {
    /// The class it was understood to be; none while a person decides.
    pub class: Option<String>,
    /// Where the case is followed, without the secret.
    pub address: String,
    pub qr: Option<Qr>,
}

/// What a grid worker has typed. Field names equal those of the form.
#[derive(Clone, Debug, Default)]
pub struct GridForm {
    pub text: String,
    pub area: String,
    pub place: String,
    /// Of a resident who wants to hear of it.
    pub phone: String,
    pub key: String,
}

/// `/grid`. Posts to `/grid`; the script does the same later when there is no network.
#[derive(Template)]
#[template(path = "intake/grid.html")]
pub struct GridPage {
    pub shell: Shell,
    /// Whose drafts on the phone may be shown and sent.
    pub account: String,
    pub form: GridForm,
    pub areas: Areas,
    pub photos: Chooser,
    pub taken: Option<Taken>,
}

/// `/desk`. Posts to `/desk`; the look-up button posts the same form to `/desk/lookup`, and the question for like cases to
/// `/desk/alike`, so nothing typed is lost and no phone number stands in an address.
#[derive(Template)]
#[template(path = "intake/desk.html")]
pub struct DeskPage {
    pub shell: Shell,
    pub form: DeskForm,
    /// Whether this city sends short messages.
    pub may_tell: bool,
    pub areas: Areas,
    pub photos: Chooser,
    pub channels: Vec<Choice>,
    /// `None` before a look-up; then what it found, newest first.
    pub earlier: Option<Vec<EarlierCase>>,
    /// `None` before somebody looked; then the open cases like what was typed.
    pub similar: Option<Vec<SimilarCase>>,
    pub join: String,
    pub taken: Option<Taken>,
    pub advice: Advice,
    /// Beside `taken`, at a service station.
    pub slip: Option<Slip>,
    /// Whose draft on this device may be shown.
    pub account: String,
    /// Whether the address named the channel, so that none kept on the device comes before it.
    pub chosen: bool,
    /// Whether this person may decide a case the judge was not sure of.
    pub decides: bool,
}

impl DeskPage {
    /// Nothing has been sent yet: what this device kept may be put back.
    pub fn is_fresh(&self) -> bool {
        let form = &self.form;
        let typed = [&form.text, &form.phone, &form.name, &form.behalf, &form.area, &form.place];
        self.shell.problems.is_empty() && typed.iter().all(|field| field.is_empty())
    }

    /// Somebody stands before the desk, reads along and takes a slip home.
    pub fn station(&self) -> bool {
        self.form.channel == "station"
    }
}
