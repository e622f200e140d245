//! Who may do what, where: roles, grants and the one rule `may`.
//!
//! The grid role × use-case × jurisdiction is data in [`reach`]; `crates/server/tests/permissions.txt` is the same
//! grid printed, and a test compares the two, so that a change of permission shows as a changed cell in review.

use serde::{Deserialize, Serialize};

use crate::area::AreaId;
use crate::id::{AccountId, CaseId, UnitId};

macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The words of all, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($text),+];

            /// The word used in tables, addresses and logs.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    other => Err(format!(
                        concat!("'{}' is no ", stringify!($name), "; known: {}"),
                        other,
                        [$($text),+].join(", "),
                    )),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use text_enum;

text_enum! {
    /// What an account is for. The three administrators exclude each other and every other role
    /// (GB/T 22239-2019 level 3, separation of the three administrators).
    Role {
        Resident = "resident",
        Volunteer = "volunteer",
        Operator = "operator",
        GridWorker = "grid_worker",
        UnitHandler = "unit_handler",
        Coordinator = "coordinator",
        Leader = "leader",
        Evaluator = "evaluator",
        SystemAdmin = "system_admin",
        SecurityAdmin = "security_admin",
        AuditAdmin = "audit_admin",
    }
}

impl Role {
    pub fn is_admin(self) -> bool {
        matches!(self, Self::SystemAdmin | Self::SecurityAdmin | Self::AuditAdmin)
    }

    /// Whether a grant of this role must name a unit.
    pub fn needs_unit(self) -> bool {
        self == Self::UnitHandler
    }
}

text_enum! {
    /// The use-cases. One row each in the permission grid.
    Action {
        HealthRead = "health_read",
        MetricsRead = "metrics_read",
        PageRead = "page_read",
        PreferenceSet = "preference_set",
        /// What an account was told; only ever its own.
        NoticeList = "notice_list",
        /// How an account wants to hear; only ever its own.
        NoticeWants = "notice_wants",
        /// What left the program, what did not, and what is done about it; without the names of recipients.
        SendList = "send_list",
        SendDecide = "send_decide",
        /// A letter to whoever reported, with where it goes.
        LetterPrint = "letter_print",
        SessionLogin = "session_login",
        SessionLogout = "session_logout",
        /// A resident reports, without an account.
        ReportSubmit = "report_submit",
        /// Staff enter a report for someone.
        ReportEnter = "report_enter",
        ReportImport = "report_import",
        /// A gateway brings a message somebody sent to the city; it proves itself by its signature.
        HookReceive = "hook_receive",
        /// State, class, unit and dates, by code alone.
        CaseTrack = "case_track",
        /// Look at a photo of a case.
        PhotoView = "photo_view",
        /// The resident's own case, by code and secret: text, answer, callback.
        CaseTrackOwn = "case_track_own",
        /// A joined report is given a case of its own, by staff or by whoever sent it.
        ReportPart = "report_part",
        ReportPartOwn = "report_part_own",
        /// Staff note that a reporter was told what became of it.
        ReportTell = "report_tell",
        /// Whoever reported chooses how to hear what becomes of it.
        ReportHear = "report_hear",
        CaseRate = "case_rate",
        CaseReopen = "case_reopen",
        CaseList = "case_list",
        /// Filters of that list kept under a name: one's own, and those for everybody who works in an area.
        SavedViewEdit = "saved_view_edit",
        SavedViewShare = "saved_view_share",
        CaseView = "case_view",
        CaseTriage = "case_triage",
        CaseRefuse = "case_refuse",
        CaseAssign = "case_assign",
        TaskAccept = "task_accept",
        TaskAnswer = "task_answer",
        TaskDispute = "task_dispute",
        /// A unit asks for more time, or that a case be parked; a coordinator decides.
        ExtensionAsk = "extension_ask",
        ParkingAsk = "parking_ask",
        RequestDecide = "request_decide",
        /// A parked case goes on before its day of review.
        CaseResume = "case_resume",
        SupervisionOrder = "supervision_order",
        SupervisionReport = "supervision_report",
        /// To the level above or below.
        CaseSend = "case_send",
        /// The unit has spoken with the resident, or tried to.
        CaseContact = "case_contact",
        /// Whoever waits says so: staff for somebody, and the resident.
        CaseUrge = "case_urge",
        CaseUrgeOwn = "case_urge_own",
        /// A line to the resident, and a note among staff.
        LineWrite = "line_write",
        NoteWrite = "note_write",
        /// The resident's side of the same thread.
        LineWriteOwn = "line_write_own",
        /// The parts of the work of a case and their order, also of a unit that has a part in it.
        PlanView = "plan_view",
        PartAdd = "part_add",
        PartAccept = "part_accept",
        PartDone = "part_done",
        PartCancel = "part_cancel",
        /// Who bears the cost of a joint project, and what was promised and paid.
        ShareView = "share_view",
        ShareSet = "share_set",
        ShareEnter = "share_enter",
        /// That a party need not pay is asked for, and decided by somebody else.
        ShareWaive = "share_waive",
        ShareDecide = "share_decide",
        ShareClose = "share_close",
        /// Joint meetings: what waits for one, its agenda, its minutes.
        MeetingView = "meeting_view",
        MatterPut = "matter_put",
        MeetingCall = "meeting_call",
        MeetingDecide = "meeting_decide",
        /// Goods in stock: what there is, where it came from and went, and what is asked for.
        StockView = "stock_view",
        StockOpen = "stock_open",
        LotDonate = "lot_donate",
        LotCount = "lot_count",
        LotSpoil = "lot_spoil",
        /// A wrong line of the ledger is taken back.
        LotReverse = "lot_reverse",
        /// A donor follows what was given, by the number of the receipt.
        DonationView = "donation_view",
        GoodsPlan = "goods_plan",
        ConsignmentView = "consignment_view",
        ConsignmentCommit = "consignment_commit",
        ConsignmentRelease = "consignment_release",
        ConsignmentSend = "consignment_send",
        ConsignmentReceive = "consignment_receive",
        /// The receiver signs, by the word of the slip.
        ConsignmentSign = "consignment_sign",
        ConsignmentReturn = "consignment_return",
        PersonLookup = "person_lookup",
        PersonReveal = "person_reveal",
        /// Who reports often, without their names.
        ReporterList = "reporter_list",
        DashboardView = "dashboard_view",
        IndicatorCases = "indicator_cases",
        FiguresView = "figures_view",
        /// Reports of a period (评估报告), as staff of the area read them, and once they are published.
        PeriodReportView = "period_report_view",
        PeriodReportRead = "period_report_read",
        PeriodReportWrite = "period_report_write",
        /// Approves (somebody else's), publishes or withdraws.
        PeriodReportDecide = "period_report_decide",
        HotspotList = "hotspot_list",
        HotspotDecide = "hotspot_decide",
        /// Third-party evaluation: the contract with its sample and result.
        RoomView = "room_view",
        RoomOrder = "room_order",
        RoomChange = "room_change",
        /// The frame is closed, and the sample drawn.
        RoomFrame = "room_frame",
        RoomDraw = "room_draw",
        /// The side of the evaluators who are named in it: their sample, masked, and nothing else.
        RoomWork = "room_work",
        RoomAnswer = "room_answer",
        RoomSign = "room_sign",
        /// The hotline calls those whose cases were drawn.
        RoomCall = "room_call",
        /// How something was solved, for whoever has the next one alike; proposed, and decided by a curator.
        PracticeView = "practice_view",
        PracticePropose = "practice_propose",
        PracticeUse = "practice_use",
        PracticeDecide = "practice_decide",
        /// Those a curator has opened to everybody.
        PracticeRead = "practice_read",
        /// Findings (问题清单): noted by whoever sees something, registered with an owner, put right, checked by another.
        FindingView = "finding_view",
        FindingNote = "finding_note",
        FindingOpen = "finding_open",
        FindingClaim = "finding_claim",
        FindingPlan = "finding_plan",
        FindingCheckOwn = "finding_check_own",
        FindingCheck = "finding_check",
        FindingPublish = "finding_publish",
        FindingStrike = "finding_strike",
        /// Somebody looks whether it is still put right.
        FindingLook = "finding_look",
        /// The programme (行动方案): stages, goals, key tasks.
        ProgrammeView = "programme_view",
        ProgrammeEdit = "programme_edit",
        KeyTaskReport = "key_task_report",
        KeyTaskDecide = "key_task_decide",
        /// Rules are tried on the cases of the past.
        RuleReplay = "rule_replay",
        /// What was published of findings, for everybody.
        FindingPublic = "finding_public",
        /// The score of a unit for a term: made, seen, appealed by its head, decided and approved by others.
        ScoreView = "score_view",
        ScoreMake = "score_make",
        ScoreAppeal = "score_appeal",
        ScoreApprove = "score_approve",
        AppealList = "appeal_list",
        AppealDecide = "appeal_decide",
        /// What is left out of a score: asked for, decided, and counted for everybody.
        ExclusionAsk = "exclusion_ask",
        ExclusionDecide = "exclusion_decide",
        ExclusionCount = "exclusion_count",
        /// 约谈: a unit that failed again is called, and what was said is written down.
        InterviewView = "interview_view",
        InterviewCall = "interview_call",
        InterviewRecord = "interview_record",
        /// What a unit does far more often than its peers.
        SignalList = "signal_list",
        SignalDecide = "signal_decide",
        /// What is laid on communities.
        BurdenView = "burden_view",
        /// Which classifier judges, and how judging drifts.
        ModelView = "model_view",
        ModelPropose = "model_propose",
        ModelDecide = "model_decide",
        /// Somebody offers to help, without an account; and what they then do by number and secret.
        ResourceJoin = "resource_join",
        ResourceOwn = "resource_own",
        ResourceChange = "resource_change",
        ResourceAssure = "resource_assure",
        ResourcePause = "resource_pause",
        ResourceLeave = "resource_leave",
        CertificateAddOwn = "certificate_add_own",
        /// The registry as staff know it: without names and phones of persons.
        ResourceList = "resource_list",
        ResourceView = "resource_view",
        /// Organisations, services, venues, vehicles and stocks.
        ResourceEnter = "resource_enter",
        /// Written anew by staff, or ended; what is sealed of a person is destroyed then.
        ResourceEdit = "resource_edit",
        ResourceEnd = "resource_end",
        /// Who a volunteer is, to someone who says why.
        ResourceReveal = "resource_reveal",
        CertificateAdd = "certificate_add",
        CertificateDecide = "certificate_decide",
        ResourceImport = "resource_import",
        /// Which help is wanted near by, without a word of who is helped.
        NeedWanted = "need_wanted",
        /// Help is asked for, from a case or freely; changed, and called off.
        NeedPost = "need_post",
        NeedView = "need_view",
        NeedChange = "need_change",
        NeedCancel = "need_cancel",
        /// The side of whoever is helped, by the code and secret of the need.
        NeedServed = "need_served",
        OfferConfirm = "offer_confirm",
        /// What is asked for, who is free, and the plan for all of it.
        BoardView = "board_view",
        OfferInvite = "offer_invite",
        OfferWithdraw = "offer_withdraw",
        OfferNoShow = "offer_no_show",
        /// Staff note what the one helped told them by phone.
        OfferSettle = "offer_settle",
        /// The side of whoever is invited, by their number and secret.
        OfferView = "offer_view",
        OfferAnswer = "offer_answer",
        OfferCheckIn = "offer_check_in",
        OfferDone = "offer_done",
        ServiceCertify = "service_certify",
        ServiceRevoke = "service_revoke",
        ServiceVerify = "service_verify",
        AreaEdit = "area_edit",
        UnitEdit = "unit_edit",
        AccountList = "account_list",
        AccountCreate = "account_create",
        AccountDisable = "account_disable",
        GrantEdit = "grant_edit",
        AuditView = "audit_view",
    }
}

/// How far a role's grant carries for one use-case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Never,
    /// Whoever asks: the use-case guards itself otherwise (code and secret, rate limit).
    Anyone,
    /// Any signed-in holder of the role.
    Holder,
    /// Subjects in the granted area and below it.
    Subtree,
    /// Subjects of the granted unit, wherever they are.
    Unit,
}

/// The permission grid.
#[expect(clippy::too_many_lines, reason = "the grid is one table, read as a whole")]
pub fn reach(role: Role, action: Action) -> Reach {
    use Action as A;
    use Role as R;
    match action {
        A::HealthRead
        | A::PageRead
        | A::PreferenceSet
        | A::SessionLogin
        | A::ReportSubmit
        | A::HookReceive
        | A::CaseTrack
        | A::CaseTrackOwn
        | A::ReportPartOwn
        | A::ReportHear
        | A::CaseRate
        | A::CaseReopen
        | A::LineWriteOwn
        | A::CaseUrgeOwn
        | A::ResourceJoin
        | A::ResourceOwn
        | A::ResourceChange
        | A::ResourceAssure
        | A::ResourcePause
        | A::ResourceLeave
        | A::CertificateAddOwn
        | A::NeedWanted
        | A::NeedServed
        | A::OfferConfirm
        | A::OfferView
        | A::OfferAnswer
        | A::OfferCheckIn
        | A::OfferDone
        | A::ServiceVerify
        | A::DonationView
        | A::ConsignmentSign
        | A::PracticeRead
        | A::FindingPublic
        | A::ExclusionCount
        | A::PeriodReportRead
        | A::FiguresView => Reach::Anyone,
        A::SessionLogout | A::NoticeList | A::NoticeWants => Reach::Holder,
        A::MetricsRead | A::ReportImport | A::ResourceImport | A::AreaEdit | A::UnitEdit => {
            holder(role == R::SystemAdmin)
        }
        A::AccountList | A::AccountCreate | A::AccountDisable | A::GrantEdit => holder(role == R::SecurityAdmin),
        A::AuditView => holder(role == R::AuditAdmin),
        A::ReportEnter | A::PersonLookup => subtree(matches!(role, R::Operator | R::GridWorker)),
        A::ReporterList | A::RoomCall => subtree(role == R::Operator),
        A::RoomWork | A::RoomAnswer | A::RoomSign => subtree(role == R::Evaluator),
        A::ProgrammeView => {
            holder(matches!(role, R::Operator | R::GridWorker | R::UnitHandler | R::Coordinator | R::Leader))
        }
        A::RuleReplay if role == R::SystemAdmin => Reach::Holder,
        A::ProgrammeEdit | A::RuleReplay => subtree(role == R::Leader),
        A::FindingNote => subtree(matches!(role, R::Operator | R::GridWorker)),
        A::ReportTell => subtree(matches!(role, R::Operator | R::GridWorker | R::Coordinator)),
        A::CaseTriage | A::CaseRefuse | A::CaseUrge | A::ReportPart => {
            subtree(matches!(role, R::Operator | R::Coordinator))
        }
        A::SavedViewEdit => holder(reach(role, A::CaseList) != Reach::Never),
        A::SendList | A::SendDecide if role == R::SystemAdmin => Reach::Holder,
        A::CaseAssign
        | A::SendList
        | A::SendDecide
        | A::SavedViewShare
        | A::RequestDecide
        | A::SupervisionOrder
        | A::HotspotDecide
        | A::PracticeDecide
        | A::ScoreMake
        | A::AppealDecide
        | A::ExclusionDecide
        | A::InterviewCall
        | A::InterviewRecord
        | A::SignalList
        | A::SignalDecide
        | A::ModelPropose
        | A::ModelDecide
        | A::ResourceEnter
        | A::ResourceEdit
        | A::ResourceEnd
        | A::ResourceReveal
        | A::CertificateAdd
        | A::CertificateDecide
        | A::OfferInvite
        | A::OfferWithdraw
        | A::OfferNoShow
        | A::ServiceCertify
        | A::ServiceRevoke
        | A::MeetingCall
        | A::MeetingDecide
        | A::StockOpen
        | A::LotDonate
        | A::LotCount
        | A::LotSpoil
        | A::LotReverse
        | A::GoodsPlan
        | A::ConsignmentCommit
        | A::ConsignmentRelease
        | A::ConsignmentSend
        | A::ConsignmentReturn => subtree(role == R::Coordinator),
        A::LetterPrint => subtree(matches!(role, R::Operator | R::Coordinator)),
        A::ScoreApprove => subtree(role == R::Leader),
        A::ScoreAppeal => unit(role == R::Leader),
        A::ExclusionAsk => unit(matches!(role, R::Leader | R::UnitHandler)),
        A::RoomView
        | A::RoomOrder
        | A::RoomChange
        | A::RoomFrame
        | A::RoomDraw
        | A::AppealList
        | A::ModelView
        | A::MeetingView
        | A::ShareDecide
        | A::ResourceList
        | A::ResourceView
        | A::BoardView
        | A::FindingOpen
        | A::FindingCheck
        | A::FindingPublish
        | A::FindingStrike
        | A::FindingLook
        | A::KeyTaskDecide
        | A::PeriodReportView
        | A::PeriodReportWrite
        | A::PeriodReportDecide => subtree(matches!(role, R::Coordinator | R::Leader)),
        A::ConsignmentReceive => subtree(matches!(role, R::GridWorker | R::Coordinator)),
        A::ConsignmentView => subtree(matches!(role, R::Operator | R::GridWorker | R::Coordinator | R::Leader)),
        A::HotspotList | A::StockView => subtree(matches!(role, R::Operator | R::Coordinator | R::Leader)),
        A::TaskAccept
        | A::TaskAnswer
        | A::TaskDispute
        | A::PartAccept
        | A::PartDone
        | A::ExtensionAsk
        | A::ParkingAsk
        | A::SupervisionReport
        | A::FindingClaim
        | A::FindingPlan
        | A::FindingCheckOwn
        | A::KeyTaskReport
        | A::CaseContact
        | A::PracticeUse
        | A::LineWrite => unit(role == R::UnitHandler),
        A::PartAdd
        | A::PartCancel
        | A::PracticePropose
        | A::CaseResume
        | A::CaseSend
        | A::MatterPut
        | A::ShareSet
        | A::ShareEnter
        | A::ShareWaive
        | A::ShareClose => or_unit(role, &[R::Coordinator]),
        A::NeedPost | A::NeedChange | A::NeedCancel | A::OfferSettle => {
            or_unit(role, &[R::Operator, R::GridWorker, R::Coordinator])
        }
        A::CaseList | A::CaseView | A::PhotoView | A::PlanView | A::NeedView => {
            or_unit(role, &[R::Operator, R::GridWorker, R::Coordinator, R::Leader])
        }
        A::PersonReveal | A::NoteWrite => or_unit(role, &[R::Operator, R::Coordinator]),
        A::DashboardView | A::ShareView => or_unit(role, &[R::Operator, R::Coordinator, R::Leader]),
        A::PracticeView => holder(is_staff(role)),
        A::IndicatorCases | A::FindingView | A::ScoreView | A::InterviewView | A::BurdenView => {
            or_unit(role, &[R::Coordinator, R::Leader])
        }
    }
}

fn is_staff(role: Role) -> bool {
    matches!(
        role,
        Role::Operator | Role::GridWorker | Role::UnitHandler | Role::Coordinator | Role::Leader | Role::Evaluator
    )
}

fn holder(yes: bool) -> Reach {
    if yes { Reach::Holder } else { Reach::Never }
}

fn subtree(yes: bool) -> Reach {
    if yes { Reach::Subtree } else { Reach::Never }
}

/// Those of `roles` in their area, and a unit's handler for the unit.
fn or_unit(role: Role, roles: &[Role]) -> Reach {
    if roles.contains(&role) { Reach::Subtree } else { unit(role == Role::UnitHandler) }
}

fn unit(yes: bool) -> Reach {
    if yes { Reach::Unit } else { Reach::Never }
}

/// A role given to an account for an area and, where the role needs it, for a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub role: Role,
    pub area: AreaId,
    pub unit: Option<UnitId>,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Anonymous,
    /// Someone who knows the secret of this case.
    Reporter(CaseId),
    Account(Account),
    /// A job or a command of whoever holds the machine.
    System,
}

/// A signed-in account with its living grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub name: String,
    pub grants: Vec<Grant>,
}

impl Actor {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Reporter(_) => "reporter",
            Self::Account(_) => "account",
            Self::System => "system",
        }
    }

    pub fn account_id(&self) -> Option<AccountId> {
        match self {
            Self::Account(account) => Some(account.id),
            _ => None,
        }
    }
}

/// What is acted on. `None` means "nothing in particular": only `Anyone` and `Holder` reach it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    pub area: Option<AreaId>,
    pub unit: Option<UnitId>,
}

impl Subject {
    pub const NONE: Self = Self { area: None, unit: None };

    pub fn area(area: AreaId) -> Self {
        Self { area: Some(area), unit: None }
    }
}

/// Why an act is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("sign in first")]
    SignIn,
    #[error("this role may not do this")]
    Role,
    /// Shown as "not found": that a foreign case exists is nobody's business.
    #[error("outside the jurisdiction of the grants")]
    Foreign,
}

/// Whether `actor` may do `action` to `subject`. The only permission rule of the system.
pub fn may(actor: &Actor, action: Action, subject: &Subject) -> Result<(), Denied> {
    let account = match actor {
        Actor::System => return Ok(()),
        Actor::Anonymous | Actor::Reporter(_) => {
            return match reach(Role::Resident, action) {
                Reach::Anyone => Ok(()),
                _ => Err(Denied::SignIn),
            };
        }
        Actor::Account(account) => account,
    };
    let mut holds_role = false;
    for grant in &account.grants {
        let reach = reach_of(grant, action);
        if covers(grant, reach, subject) {
            return Ok(());
        }
        holds_role |= reach != Reach::Never;
    }
    match reach(Role::Resident, action) {
        Reach::Anyone => Ok(()),
        _ if holds_role => Err(Denied::Foreign),
        _ => Err(Denied::Role),
    }
}

/// How far a grant carries for one use-case. Whoever leads a unit sees what its handlers see and no more of the area.
pub fn reach_of(grant: &Grant, action: Action) -> Reach {
    let reach = reach(grant.role, action);
    if grant.role != Role::Leader || grant.unit.is_none() || reach != Reach::Subtree {
        return reach;
    }
    match self::reach(Role::UnitHandler, action) {
        Reach::Unit => Reach::Unit,
        _ => Reach::Never,
    }
}

fn covers(grant: &Grant, reach: Reach, subject: &Subject) -> bool {
    match reach {
        Reach::Never => false,
        Reach::Anyone | Reach::Holder => true,
        Reach::Subtree => subject.area.is_some_and(|area| grant.area.contains(area)),
        Reach::Unit => grant.unit.is_some() && grant.unit == subject.unit,
    }
}

/// The part of the record a list may show: the same rule as [`may`], as bounds a query can use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Inclusive ranges of area ids.
    pub areas: Vec<(i64, i64)>,
    pub units: Vec<UnitId>,
}

impl Scope {
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty() && self.units.is_empty()
    }

    pub fn covers(&self, subject: &Subject) -> bool {
        subject.area.is_some_and(|a| self.areas.iter().any(|(lo, hi)| (*lo..=*hi).contains(&a.get())))
            || subject.unit.is_some_and(|u| self.units.contains(&u))
    }
}

/// What of the record `actor` reaches with `action`; an error when there is nothing.
pub fn scope(actor: &Actor, action: Action) -> Result<Scope, Denied> {
    let mut scope = Scope::default();
    match actor {
        Actor::System => scope.areas.push((0, i64::MAX)),
        Actor::Anonymous | Actor::Reporter(_) => return Err(Denied::SignIn),
        Actor::Account(account) => {
            for grant in &account.grants {
                match (reach_of(grant, action), grant.unit) {
                    (Reach::Subtree, _) => scope.areas.push(grant.area.range()),
                    (Reach::Unit, Some(unit)) => scope.units.push(unit),
                    _ => {}
                }
            }
        }
    }
    if scope.is_empty() { Err(Denied::Role) } else { Ok(scope) }
}

/// Why a grant cannot be added to an account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantRefusal {
    #[error("{0} excludes every other role; this account already holds {1}")]
    Exclusive(Role, Role),
    #[error("a grant of {0} must name a unit")]
    UnitMissing(Role),
    #[error("the account already holds this grant")]
    Held,
}

/// Whether `new` may stand beside the grants an account already holds.
pub fn grant_check(held: &[Grant], new: &Grant) -> Result<(), GrantRefusal> {
    if new.role.needs_unit() && new.unit.is_none() {
        return Err(GrantRefusal::UnitMissing(new.role));
    }
    for grant in held {
        if grant == new {
            return Err(GrantRefusal::Held);
        }
        if grant.role != new.role && (grant.role.is_admin() || new.role.is_admin()) {
            let (admin, other) = if new.role.is_admin() { (new.role, grant.role) } else { (grant.role, new.role) };
            return Err(GrantRefusal::Exclusive(admin, other));
        }
    }
    Ok(())
}
