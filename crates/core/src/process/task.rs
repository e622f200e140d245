//! The task a unit owes: `assigned → accepted → done`, beside it `disputed` and `cancelled`.

use crate::people::text_enum;

text_enum! {
    TaskState {
        Assigned = "assigned",
        Accepted = "accepted",
        Done = "done",
        Disputed = "disputed",
        Cancelled = "cancelled",
    }
}

text_enum! {
    TaskMove {
        Accept = "accept",
        Finish = "finish",
        Dispute = "dispute",
        Cancel = "cancel",
    }
}

text_enum! {
    /// How a unit turned to the resident.
    ContactWay {
        Phone = "phone",
        Visit = "visit",
        Message = "message",
    }
}

impl TaskState {
    /// The state after `m`; `None` when the task is no longer owed.
    pub fn after(self, m: TaskMove) -> Option<Self> {
        match (self, m) {
            (Self::Assigned, TaskMove::Accept) => Some(Self::Accepted),
            (Self::Assigned | Self::Accepted, TaskMove::Finish) => Some(Self::Done),
            (Self::Assigned | Self::Accepted, TaskMove::Dispute) => Some(Self::Disputed),
            (Self::Assigned | Self::Accepted, TaskMove::Cancel) => Some(Self::Cancelled),
            _ => None,
        }
    }

    pub fn is_open(self) -> bool {
        matches!(self, Self::Assigned | Self::Accepted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finished_task_stays_finished() {
        for m in TaskMove::ALL {
            for state in [TaskState::Done, TaskState::Disputed, TaskState::Cancelled] {
                assert_eq!(state.after(*m), None, "{state} {m}");
            }
        }
    }
}
