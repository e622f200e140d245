//! What people are told by notices, in the city's words.

use crate::people::text_enum;

text_enum! {
    /// What a notice says.
    Template {
        RungWarning = "rung_warning",
        RungOverdue = "rung_overdue",
        Assigned = "assigned",
        Answered = "answered",
        Closed = "closed",
        Reopened = "reopened",
        Extended = "extended",
        Parked = "parked",
        Resumed = "resumed",
        Ruled = "ruled",
        Supervised = "supervised",
        /// A unit wrote to the resident.
        Feedback = "feedback",
        ResidentWrote = "resident_wrote",
        Escalated = "escalated",
    }
}
