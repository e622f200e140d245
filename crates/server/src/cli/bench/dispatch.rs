//! `muster bench dispatch`: over HTTP, among many who could help: a need posted until its candidates are there, and the plan
//! for all that is asked for.

use std::io::Write;

use anyhow::Context;
use muster_core::area::AreaId;
use muster_core::dispatch::hours::Hours;
use muster_core::dispatch::offer::{NeedKind, NeedState};
use muster_core::dispatch::registry::{AskWay, ResourceKind, ResourceState};
use muster_core::id::{NeedId, ResourceId};
use muster_core::time::Timestamp;
use muster_store::dispatch::{NeedRow, ResourceRow, area_middles, needs_insert, resources_insert};
use serde::Serialize;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::{Instance, PASSWORD};
use crate::bench::Dice;
use crate::state::State;

/// Rows of one transaction.
const BATCH: usize = 5_000;

#[derive(clap::Args, Debug)]
pub(super) struct Dispatch {
    #[command(flatten)]
    instance: Instance,
    /// Volunteers and organisations of the registry
    #[arg(long, default_value_t = 500_000)]
    resources: usize,
    /// Open needs of the coming days, for the plan
    #[arg(long, default_value_t = 100_000)]
    needs: usize,
    /// Needs that are posted and looked up, one after another
    #[arg(long, default_value_t = 300)]
    posts: usize,
    /// Plans that are made
    #[arg(long, default_value_t = 3)]
    plans: usize,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    database: &'static str,
    resources: usize,
    needs: usize,
    /// Until the roster stands in memory, once.
    roster_seconds: f64,
    /// From the post of a need to its candidates with reasons, two requests.
    posted_p50_ms: f64,
    posted_p99_ms: f64,
    posted_max_ms: f64,
    /// The request for the plan of all needs.
    plan_seconds: Vec<f64>,
    plan_wanted: u64,
    plan_found: u64,
    objective: i64,
    dual: i64,
}

pub(super) async fn dispatch(args: &Dispatch) -> anyhow::Result<()> {
    let folder = super::super::Folder::new(args.instance.data.clone(), "muster-bench");
    let (state, _) = args.instance.open(&folder).await?;
    let communities = communities(&state).await?;
    let mut dice = Dice::new(args.instance.seed);
    people(&state, &communities, args.resources, &mut dice).await?;
    needs(&state, &communities, args.needs, &mut dice).await?;
    state.db.optimize().await?;
    let begun = state.clock.elapsed();
    state.roster.follow(&state).await?;
    let roster_seconds = state.clock.elapsed().saturating_sub(begun).as_secs_f64();

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(super::super::serve::serve(state.clone(), listener, async { drop(stopped.await) }));
    let report = measure(args, &state, &address, &communities, roster_seconds).await;
    stop.send(()).ok();
    serving.await??;
    print(&report?, args.json)
}

async fn measure(
    args: &Dispatch,
    state: &State,
    address: &str,
    communities: &[Community],
    roster_seconds: f64,
) -> anyhow::Result<Report> {
    let client = crate::send::http()?.build()?;
    let login = json!({ "login": "coordinator", "password": PASSWORD });
    let session: serde_json::Value =
        client.post(format!("{address}/api/v1/sessions")).json(&login).send().await?.error_for_status()?.json().await?;
    let token = session["token"].as_str().context("a session has a token")?.to_owned();
    let mut times = Vec::new();
    for n in 0..args.posts + args.posts / 10 {
        let area = communities[n % communities.len()].area.to_string();
        let tomorrow = state.now().plus(Timestamp::DAY);
        let skills: &[&str] = [&["company"][..], &["errand", "escort"], &["carrying"]][n % 3];
        let need = json!({
            "area": area, "title": "陪同就医", "text": "行动不便，需要有人陪同。", "place": "小区门口",
            "name": "沈桂芳", "phone": "19900000301", "address": "三号楼二单元", "skills": skills, "head": 1,
            "opens_at": tomorrow.0, "closes_at": tomorrow.plus(2 * Timestamp::DAY).0, "minutes": 60, "risk": "none",
            "risk_text": "无特别风险", "priority": 2,
        });
        let begun = state.clock.elapsed();
        let posted = client.post(format!("{address}/api/v1/needs")).bearer_auth(&token).json(&need).send().await?;
        anyhow::ensure!(posted.status() == 201, "{}", posted.text().await?);
        let place = posted.headers()["location"].to_str()?.to_owned();
        let found: serde_json::Value = client
            .get(format!("{address}{place}"))
            .bearer_auth(&token)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        anyhow::ensure!(found["best"].as_array().is_some_and(|best| !best.is_empty()), "nobody was found: {found}");
        if n >= args.posts / 10 {
            times.push(state.clock.elapsed().saturating_sub(begun).as_secs_f64() * 1e3);
        }
    }
    times.sort_by(f64::total_cmp);
    let mut plan_seconds = Vec::new();
    let mut plan = serde_json::Value::Null;
    for _ in 0..args.plans {
        let begun = state.clock.elapsed();
        let answer = client.get(format!("{address}/api/v1/board")).bearer_auth(&token).send().await?;
        plan = answer.error_for_status()?.json().await?;
        plan_seconds.push(state.clock.elapsed().saturating_sub(begun).as_secs_f64());
    }
    let at = |share: f64| times[((times.len() as f64 * share) as usize).min(times.len() - 1)];
    Ok(Report {
        database: state.db.name(),
        resources: args.resources,
        needs: args.needs,
        roster_seconds,
        posted_p50_ms: at(0.5),
        posted_p99_ms: at(0.99),
        posted_max_ms: at(1.0),
        plan_seconds,
        plan_wanted: plan["wanted"].as_u64().unwrap_or_default(),
        plan_found: plan["found"].as_u64().unwrap_or_default(),
        objective: plan["objective"].as_i64().unwrap_or_default(),
        dual: plan["dual"].as_i64().unwrap_or_default(),
    })
}

struct Community {
    area: AreaId,
    latitude: i64,
    longitude: i64,
}

async fn communities(state: &State) -> anyhow::Result<Vec<Community>> {
    let mut tx = state.read().await?;
    let middles = area_middles(&mut tx, state.pack.root_area.range()).await?;
    let found = middles.into_iter().map(|(area, place)| Community {
        area,
        latitude: place.latitude,
        longitude: place.longitude,
    });
    let found: Vec<_> =
        found.filter(|community| community.area.level() == muster_core::area::Level::Community).collect();
    anyhow::ensure!(!found.is_empty(), "no community of the city has a middle");
    Ok(found)
}

/// A point some kilometres round a community.
fn near(community: &Community, dice: &mut Dice) -> (i64, i64) {
    let off = |dice: &mut Dice| ((dice.unit() - 0.5) * 160_000.0) as i64;
    (community.latitude + off(dice), community.longitude + off(dice))
}

async fn people(state: &State, communities: &[Community], count: usize, dice: &mut Dice) -> anyhow::Result<()> {
    let (pack, now) = (&state.pack.dispatch, state.now());
    let today = state.pack.calendar.local_date(now);
    // A few patterns, as people tick them.
    let hours: Vec<String> = (0..40)
        .map(|_| {
            let all = (0..7).flat_map(|day| (0..pack.parts.len()).map(move |part| (day, part)));
            let ticks: Vec<_> = all.filter(|_| dice.unit() < 0.4).collect();
            Hours::weekly(&ticks, &pack.parts, today).to_string()
        })
        .collect();
    for first in (0..count).step_by(BATCH) {
        let row = |n: usize, dice: &mut Dice| {
            let community = &communities[n % communities.len()];
            let (latitude, longitude) = near(community, dice);
            let is_group = n.is_multiple_of(10);
            let skills = pack.skills.iter().filter(|skill| !skill.certificate && dice.unit() < 0.3);
            let skills: Vec<&str> = skills.map(|skill| skill.code.as_str()).collect();
            ResourceRow {
                id: ResourceId(state.chance.uuid(now)),
                code: state.chance.code(),
                secret_hash: None,
                kind: if is_group { ResourceKind::Organisation } else { ResourceKind::Volunteer },
                branch: (!is_group).then(|| "community".to_owned()),
                parent_id: None,
                person_id: None,
                name_sealed: None,
                birth_sealed: None,
                name: if is_group { "服务队".to_owned() } else { "林".to_owned() },
                area: community.area,
                latitude,
                longitude,
                skills: format!(" {} ", skills.join(" ")),
                hours: hours[n % hours.len()].clone(),
                reach: 2_000 + (dice.unit() * 6_000.0) as i64,
                capacity: if is_group { 10 } else { 3 },
                at_once: if is_group { 5 } else { 1 },
                minor_until: None,
                guardian_at: None,
                guardian_sealed: None,
                insured_until: None,
                phone_index: None,
                mail_sealed: None,
                lang: "zh".to_owned(),
                ask: true,
                way: AskWay::Page,
                assured_at: now,
                asked: 0,
                agreed: 0,
                came: 0,
                state: ResourceState::Open,
                joined_at: now,
                version: 1,
                // As if they had come before: what is new is read at every look.
                changed_at: now.plus(-Timestamp::DAY),
            }
        };
        let rows: Vec<_> = (first..count.min(first + BATCH)).map(|n| row(n, dice)).collect();
        let mut tx = state.db.write().await?;
        resources_insert(&mut tx, &rows).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn needs(state: &State, communities: &[Community], count: usize, dice: &mut Dice) -> anyhow::Result<()> {
    let (pack, now) = (&state.pack.dispatch, state.now());
    for first in (0..count).step_by(BATCH) {
        let row = |n: usize, dice: &mut Dice| {
            let community = &communities[n % communities.len()];
            let (latitude, longitude) = near(community, dice);
            let plain: Vec<_> = pack.skills.iter().filter(|skill| !skill.certificate).collect();
            let skill = plain[(dice.unit() * plain.len() as f64) as usize % plain.len()];
            let opens = now.plus((dice.unit() * 5.0 * Timestamp::DAY as f64) as i64);
            NeedRow {
                id: NeedId(state.chance.uuid(now)),
                code: state.chance.code(),
                kind: NeedKind::Help,
                case_id: None,
                part_id: None,
                area: community.area,
                latitude,
                longitude,
                title: "上门帮忙".to_owned(),
                text: String::new(),
                place: String::new(),
                person_id: None,
                contact_sealed: None,
                secret_hash: None,
                skills: format!(" {} ", skill.code),
                head: 1 + i64::from(dice.unit() < 0.3),
                item: None,
                opens_at: opens,
                closes_at: opens.plus(Timestamp::DAY + Timestamp::DAY / 2),
                minutes: 60,
                risk: pack.risks[0].code.clone(),
                risk_text: "无特别风险".to_owned(),
                priority: [1, 1, 2, 4, 8][(dice.unit() * 5.0) as usize % 5],
                vulnerable: dice.unit() < 0.3,
                state: NeedState::Open,
                filled: 0,
                created_at: now,
                created_by: None,
                ended_at: None,
                reason: None,
                version: 1,
            }
        };
        let rows: Vec<_> = (first..count.min(first + BATCH)).map(|n| row(n, dice)).collect();
        let mut tx = state.db.write().await?;
        needs_insert(&mut tx, &rows).await?;
        tx.commit().await?;
    }
    Ok(())
}

fn print(report: &Report, json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string(report)?)?;
        return Ok(());
    }
    writeln!(
        out,
        "{}, {} who could help, {} open needs: roster read in {:.2} s",
        report.database, report.resources, report.needs, report.roster_seconds
    )?;
    writeln!(
        out,
        "a need posted until its candidates are there: p50 {:.1} ms, p99 {:.1} ms, at most {:.1} ms",
        report.posted_p50_ms, report.posted_p99_ms, report.posted_max_ms
    )?;
    let plans: Vec<String> = report.plan_seconds.iter().map(|seconds| format!("{seconds:.2}")).collect();
    writeln!(
        out,
        "the plan for all: {} s; {} of {} helpers found; worth {}, proven bound {}",
        plans.join(", "),
        report.plan_found,
        report.plan_wanted,
        report.objective,
        report.dual
    )?;
    Ok(())
}
