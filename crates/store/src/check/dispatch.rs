//! What must be true of needs, offers and bookings.

use super::{Check, NAMED, Weight};
use crate::db::{Result, Tx, on};

/// Codes of the needs or resources that offend.
async fn offending(tx: &mut Tx, sql: &'static str) -> Result<Vec<String>> {
    Ok(on!(tx, |conn| sqlx::query_scalar(sql).bind(1_000 + NAMED as i64).fetch_all(conn).await?))
}

const UNBOOKED: &str = "select n.code from offers o join needs n on n.id = o.need_id
     left join bookings b on b.offer_id = o.id and b.resource_id = o.resource_id and b.slot = o.slot
     where (o.state in ('invited', 'accepted', 'checked_in', 'done', 'no_show')) <> (b.offer_id is not null)
     union all select r.code from bookings b join resources r on r.id = b.resource_id
     group by b.offer_id, r.code having count(*) > 1 limit $1";
const OVERBOOKED: &str = "select r.code from bookings b join resources r on r.id = b.resource_id
     where b.place < 1 or b.place > r.at_once limit $1";
const MISFILLED: &str = "select n.code from needs n where n.kind = 'help' and (n.filled > n.head
     or n.state = 'filled' and n.filled < n.head or n.filled <> (select count(*) from offers o
         where o.need_id = n.id and o.state in ('accepted', 'checked_in', 'done'))) limit $1";
const MISCOUNTED: &str = "select r.code from resources r left join (select resource_id,
     sum(case when state = 'withdrawn' and answered_at is null then 0 else 1 end) as asked,
     sum(case when answered_at is not null and (state in ('accepted', 'checked_in', 'done', 'no_show')) then 1 else 0 end) as agreed,
     sum(case when done_at is not null then 1 else 0 end) as came from offers group by resource_id) o
     on o.resource_id = r.id
     where r.asked < coalesce(o.asked, 0) or r.agreed < coalesce(o.agreed, 0) or r.came < coalesce(o.came, 0)
     or r.asked < r.agreed or r.agreed < r.came limit $1";

pub(super) async fn whole(tx: &mut Tx) -> Result<[Check; 4]> {
    let rules = [
        (
            "bookings-offers",
            "Every offer that holds a time has one booking, and every booking one such offer.",
            UNBOOKED,
        ),
        ("bookings-places", "Nobody is promised more often at one time than they can be.", OVERBOOKED),
        (
            "needs-filled",
            "A need has as many helpers as offers that were accepted, and no more than it asks for.",
            MISFILLED,
        ),
        ("resources-counts", "How often somebody was asked, agreed and came follows from the offers.", MISCOUNTED),
    ];
    let looked = super::rows(tx, "select cast(count(*) as bigint) from offers").await?;
    let mut checks = rules.map(|(name, sentence, _)| Check::new(name, Weight::Finding, sentence));
    for (check, (_, _, sql)) in checks.iter_mut().zip(rules) {
        check.looked = looked;
        for row in offending(tx, sql).await? {
            check.offence(|| row);
        }
    }
    Ok(checks)
}
