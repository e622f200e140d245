//! The words of the registry: what kinds of help there are, and whether an entry may be asked.

use crate::people::text_enum;

text_enum! {
    /// 资源
    ResourceKind {
        Volunteer = "volunteer",
        Organisation = "organisation",
        Service = "service",
        Venue = "venue",
        Vehicle = "vehicle",
        Stock = "stock",
    }
}

text_enum! {
    /// The three kinds of volunteers of the national standard (MZ/T 061-2015).
    Branch {
        Community = "community",
        Professional = "professional",
        Emergency = "emergency",
    }
}

text_enum! {
    ResourceState {
        Open = "open",
        Paused = "paused",
        Left = "left",
    }
}

text_enum! {
    /// How somebody wishes to be asked.
    AskWay {
        /// On their own page only.
        Page = "page",
        Phone = "phone",
        Sms = "sms",
        Mail = "mail",
    }
}
