//! Who can help in the demo city: invented volunteers, organisations, venues, vehicles and stores, from a seed, sealed as
//! in life.

use anyhow::Context;
use jiff::civil::Date;
use muster_core::area::{AreaId, Level};
use muster_core::dispatch::hours::Hours;
use muster_core::dispatch::registry::ResourceKind;
use muster_core::people::{Actor, Role};
use muster_core::time::Timestamp;
use muster_store::dispatch::{certificates_of, resource_by_code};
use muster_store::people::area_list;

use super::city::City;
use crate::clock::{Chance, VirtualClock};
use crate::state::State;
use crate::usecase::certificate_add::{INSURANCE, Shown, certificate_add_own};
use crate::usecase::certificate_decide::{Seen, certificate_decide};
use crate::usecase::resource::Offer;
use crate::usecase::resource_enter::{Entering, resource_enter};
use crate::usecase::resource_join::{Joining, resource_join};

const VOLUNTEERS: usize = 180;
/// Of them, the first so many joined long ago and said nothing since.
const SILENT: usize = 15;
const LONG_AGO: i64 = 170;

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕";
const GIVEN: [&str; 24] = [
    "秀兰", "建国", "晓雨", "志强", "桂英", "文博", "雪梅", "海燕", "国庆", "丽华", "子涵", "玉珍", "明远", "春生",
    "静怡", "立新", "慧敏", "长河", "思齐", "月娥", "振东", "佳宁", "素芬", "一鸣",
];
/// Name, which hub (a place in this list), skills.
const ORGANISATIONS: [(&str, Option<usize>, &[&str]); 12] = [
    ("明湖公益枢纽", None, &["company", "errand"]),
    ("滨湖社会组织服务中心", None, &["company", "mediation"]),
    ("暖巷助老服务社", Some(0), &["company", "errand", "escort"]),
    ("柳叶家政互助队", Some(0), &["cleaning", "carrying"]),
    ("启明助学社", Some(0), &["tutoring"]),
    ("无声朋友手语队", Some(0), &["sign_language"]),
    ("和为贵调解社", Some(1), &["mediation"]),
    ("数字伙伴", Some(1), &["phone_help"]),
    ("巧手修理铺", Some(1), &["repair"]),
    ("湖畔理发志愿队", Some(1), &["haircut"]),
    ("白桦应急救援队", None, &["carrying"]),
    ("春雨心理小组", Some(0), &["company"]),
];
/// Kind, name, skills.
const THINGS: [(ResourceKind, &str, &[&str]); 10] = [
    (ResourceKind::Venue, "柳港里居民活动室", &[]),
    (ResourceKind::Venue, "望湖新城邻里厅", &[]),
    (ResourceKind::Venue, "松坪村文化礼堂", &[]),
    (ResourceKind::Vehicle, "无障碍接送车一号", &["escort"]),
    (ResourceKind::Vehicle, "社区货运三轮", &["carrying"]),
    (ResourceKind::Vehicle, "应急物资车", &["carrying"]),
    (ResourceKind::Service, "老年助餐点", &["company"]),
    (ResourceKind::Service, "社区便民维修", &["repair"]),
    (ResourceKind::Stock, "明湖救灾物资库", &[]),
    (ResourceKind::Stock, "滨湖爱心驿站", &[]),
];

struct Draw(Chance);

impl Draw {
    fn below(&self, bound: usize) -> usize {
        (u64::from_le_bytes(self.0.bytes()) % bound.max(1) as u64) as usize
    }

    fn of<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// Everybody joins through the same doors as in life; the clock ends at `start`.
pub async fn gather(
    state: &State,
    hand: &VirtualClock,
    city: &City,
    start: Timestamp,
    seed: u64,
) -> anyhow::Result<()> {
    let draw = Draw(Chance::seeded(seed ^ 0x6865_6c70));
    let communities = communities(state).await?;
    hand.set(start.plus(-LONG_AGO * Timestamp::DAY));
    for nth in 0..VOLUNTEERS {
        if nth == SILENT {
            hand.set(start);
        }
        let area = *draw.of(&communities).context("the demo city has no communities")?;
        volunteer(state, city, &draw, nth, area).await?;
    }
    let mut codes: Vec<String> = Vec::new();
    for (name, hub, skills) in ORGANISATIONS {
        let parent = hub.and_then(|hub| codes.get(hub).cloned()).unwrap_or_default();
        let kind = ResourceKind::Organisation;
        codes.push(enter(state, &draw, &communities, (kind, name, skills), parent).await?);
    }
    for thing in THINGS {
        enter(state, &draw, &communities, thing, String::new()).await?;
    }
    Ok(())
}

async fn communities(state: &State) -> anyhow::Result<Vec<AreaId>> {
    let mut tx = state.read().await?;
    let all = area_list(&mut tx, state.pack.root_area.range(), 1_000).await?;
    Ok(all.into_iter().map(|area| area.id).filter(|area| area.level() == Level::Community).collect())
}

async fn volunteer(state: &State, city: &City, draw: &Draw, nth: usize, area: AreaId) -> anyhow::Result<()> {
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let surname = draw.of(&surnames).copied().unwrap_or('王');
    let name = format!("{surname}{}", draw.of(&GIVEN).unwrap_or(&"秀兰"));
    let pack = &state.pack.dispatch;
    let mut skills: Vec<String> = Vec::new();
    for _ in 0..=draw.below(3) {
        // Skills that anybody has are commoner than those with a certificate.
        let plain = pack.worth.rare_from as usize;
        let at = if draw.below(4) == 0 { plain + draw.below(pack.skills.len() - plain) } else { draw.below(plain) };
        let code = &pack.skills[at].code;
        if !skills.contains(code) {
            skills.push(code.clone());
        }
    }
    let mut ticks: Vec<_> = (0..2 + draw.below(4)).map(|_| (draw.below(7), draw.below(pack.parts.len()))).collect();
    ticks.sort_unstable();
    ticks.dedup();
    let minor = nth % 40 == 39;
    let today = state.pack.calendar.local_date(state.now());
    let joining = Joining {
        name,
        phone: format!("199{:08}", 20_000_000 + nth),
        adult: !minor,
        born: Date::new(today.year() - 16, 3, 8)?.to_string(),
        guardian: "家长 19900000000".to_owned(),
        branch: ["community", "community", "community", "professional", "emergency"][draw.below(5)].to_owned(),
        way: ["phone", "phone", "page"][draw.below(3)].to_owned(),
        consents: true,
        offer: Offer {
            area: Some(area),
            skills: skills.clone(),
            ticks,
            days_off: Vec::new(),
            reach: [1, 3, 3, 5, 5, 10][draw.below(6)],
            capacity: 1 + draw.below(pack.offer.week_most as usize) as i64,
        },
        ..Joining::default()
    };
    let joined = resource_join(state, &Actor::Anonymous, &joining).await?;
    let coordinator = city.actor(Role::Coordinator, area, None);
    let certified = skills.into_iter().filter(|code| pack.skill(code).is_some_and(|skill| skill.certificate));
    let insured = (draw.below(3) == 0).then(|| INSURANCE.to_owned());
    for skill in certified.chain(insured) {
        let title =
            pack.skill(&skill).map_or("志愿者意外险".to_owned(), |skill| format!("{}证书", skill.name.zh));
        let expires = format!("{}-06-30", today.year() + 1 + draw.below(3) as i16);
        let shown = Shown { skill, title, number: format!("HD{:06}", draw.below(1_000_000)), expires };
        certificate_add_own(state, joined.code.as_str(), &joined.secret, &shown).await?;
    }
    // Some still wait for somebody to look.
    match coordinator {
        Some(coordinator) if draw.below(4) > 0 => look(state, coordinator, joined.code.as_str()).await,
        _ => Ok(()),
    }
}

async fn look(state: &State, coordinator: &Actor, code: &str) -> anyhow::Result<()> {
    let mut tx = state.read().await?;
    let row = resource_by_code(&mut tx, &code.parse()?).await?.context("just joined")?;
    let certificates = certificates_of(&mut tx, &[row.id]).await?;
    drop(tx);
    for certificate in certificates {
        certificate_decide(state, coordinator, certificate.id, &Seen::Verified { expires: None }).await?;
    }
    Ok(())
}

async fn enter(
    state: &State,
    draw: &Draw,
    communities: &[AreaId],
    (kind, name, skills): (ResourceKind, &str, &[&str]),
    parent: String,
) -> anyhow::Result<String> {
    let pack = &state.pack.dispatch;
    let today = state.pack.calendar.local_date(state.now());
    let ticks: Vec<_> = (0..5).flat_map(|day| (0..pack.parts.len().min(2)).map(move |part| (day, part))).collect();
    let entering = Entering {
        kind: Some(kind),
        name: name.to_owned(),
        area: draw.of(communities).copied(),
        parent,
        skills: skills.iter().map(|skill| (*skill).to_owned()).collect(),
        hours: Hours::weekly(&ticks, &pack.parts, today).to_string(),
        reach: 30,
        capacity: 20,
        at_once: 3,
        ..Entering::default()
    };
    Ok(resource_enter(state, &Actor::System, &entering).await?.code.to_string())
}
