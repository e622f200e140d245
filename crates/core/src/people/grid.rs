//! The permission grid: how far a role carries for each use-case.

use super::{Action, Role};

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
        A::ReportEnter | A::PersonLookup | A::FindingNote => subtree(matches!(role, R::Operator | R::GridWorker)),
        A::ReporterList | A::RoomCall => subtree(role == R::Operator),
        A::RoomWork | A::RoomAnswer | A::RoomSign => subtree(role == R::Evaluator),
        A::ProgrammeView => {
            holder(matches!(role, R::Operator | R::GridWorker | R::UnitHandler | R::Coordinator | R::Leader))
        }
        A::ReportTell => subtree(matches!(role, R::Operator | R::GridWorker | R::Coordinator)),
        A::CaseTriage | A::CaseRefuse | A::CaseUrge | A::ReportPart => {
            subtree(matches!(role, R::Operator | R::Coordinator))
        }
        A::SavedViewEdit => holder(reach(role, A::CaseList) != Reach::Never),
        A::SendList | A::SendDecide | A::RuleReplay if role == R::SystemAdmin => Reach::Holder,
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
        A::ScoreApprove | A::ProgrammeEdit | A::RuleReplay => subtree(role == R::Leader),
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
    matches!(role, Role::Operator | Role::GridWorker | Role::UnitHandler | Role::Coordinator | Role::Leader)
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
