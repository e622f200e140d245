//! The use-cases, as the grid names them.

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
