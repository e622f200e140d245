//! A record of another system: its budgets become a pack, and its cases are replayed under it.

use std::process::Command;

use muster_core::pack::ClockKind;
use muster_server::clock::{Chance, Clock};
use muster_server::config::Config;
use muster_server::state::State;
use muster_store::process::clocks_of_case;
use muster_store::testing::TestDb;

use crate::app::{App, NOW, doors};
use crate::import_files::{Files, cases, counts};
use crate::import_lists::{import_areas, import_units};

const CALENDAR: &str = "version = \"t1\"\nbasis = \"test\"\nsource = \"test\"\nweekend = [\"saturday\", \"sunday\"]\n\
    hours = [\"08:30-17:00\"]\n[years.2011]\noff = [\"07-04\"]\nwork = []\n";

/// Lamps have two working days, of eight and a half hours; trees thirty days; of noise nothing was promised.
fn record() -> String {
    let mut rows = "id,what,kind,by,quarter,opened,due,done,kept\n".to_owned();
    for (n, (opened, due, done, kept)) in [
        ("2011-07-01 09:00:00", "2011-07-06 09:00:00", "2011-07-05 10:00:00", "ONTIME"),
        ("2011-07-05 14:10:00", "2011-07-07 14:10:00", "2011-07-08 10:00:00", "OVERDUE"),
        // Their system says the next opening where ours says the close before it.
        ("2011-07-06 18:00:00", "2011-07-11 08:30:00", "2011-07-11 08:00:00", "ONTIME"),
        ("2011-07-08 12:00:00", "2011-07-12 12:00:00", "", ""),
    ]
    .into_iter()
    .enumerate()
    {
        let place = format!("L{n},Lamp is out near {n}00 Elm St,Lamps,Works,\"Hill, North\"");
        rows.extend([place.as_str(), opened, due, done, kept].join(",").chars().chain(['\n']));
    }
    rows += "T1,Tree leans over 7 Oak St,Trees,Parks,Dale,2011-07-02 10:00:00,2011-08-01 10:00:00,,\n";
    rows += "N1,Noise at night at 3 Ash St,Noise,Works,Dale,2011-07-02 11:00:00,,,\n";
    rows
}

fn derive(files: &Files, flags: &[&str]) -> (bool, String) {
    let (record, calendar) = (files.write("record.csv", record()), files.write("calendar.toml", CALENDAR));
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    command.args(["pack", "derive", "--json", "--zone", "America/New_York", "--name", "Elmton"]);
    for map in ["class=kind", "group=by", "unit=by", "area=quarter", "time=opened", "closed=done"] {
        command.args(["--map", map]);
    }
    let out = record.with_file_name("kit");
    command.arg(record).arg("--calendar").arg(calendar).arg("--out").arg(out).args(flags);
    let output = command.output().unwrap();
    (
        output.status.success(),
        String::from_utf8(if output.status.success() { output.stdout } else { output.stderr }).unwrap(),
    )
}

#[tokio::test]
async fn a_record_becomes_a_pack_and_its_cases_are_replayed() {
    Box::pin(replay(muster_store::testing::sqlite().await)).await;
    match muster_store::testing::postgres().await {
        Some(db) => Box::pin(replay(db)).await,
        None => eprintln!("skipped: MUSTER_TEST_POSTGRES names no server"),
    }
}

async fn replay(db: TestDb) {
    let files = Files::new();
    let (done, said) = derive(&files, &["--root", "9902"]);
    assert!(done, "{said}");
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&said["rows"], &said["unknown"], &said["promised"]), (&6.into(), &1.into(), &5.into()));
    assert_eq!(said["differences"], serde_json::json!([4, 1, 0, 0, 0, 0]));
    // 08:00 on the 11th is after the close of the 8th: theirs says in time, ours says late.
    assert_eq!((&said["judged"], &said["same_verdict"]), (&3.into(), &2.into()));
    assert_eq!(said["classes"][0]["budget"], "17 working_hours");
    assert_eq!(said["classes"][1]["budget"], "720 natural_hours");

    let kit = files.write("x", "").with_file_name("kit");
    let data = tempfile::tempdir().unwrap();
    let config = Config {
        data: data.path().to_owned(),
        database: Some(db.url.clone().try_into().unwrap()),
        pack: Some(kit.join("pack")),
        ..Config::default()
    };
    let state = State::open(config, Clock::virtual_at(NOW).0, Chance::seeded(7)).await.unwrap();
    for name in ["areas.csv", "units.csv"] {
        files.write(name, std::fs::read(kit.join(name)).unwrap());
    }
    let areas = import_areas(&files, &state, &["areas.csv"]).await;
    let units = import_units(&files, &state, &["units.csv"]).await;
    assert_eq!((areas.added, units.added), (2, 2));

    let values = kit.join("values.toml").display().to_string();
    let maps = ["text=what", "time=opened", "area=quarter", "category=kind", "id=id"];
    let mut flags = vec!["--apart", "--values", &values];
    flags.extend(maps.iter().flat_map(|map| ["--map", map]));
    let summary = files.import(&state, "record.csv", &flags).await;
    assert_eq!(counts(&summary), [6, 6, 0, 0, 0], "{:?}", files.rejects());
    let mut due = Vec::new();
    for case in cases(&state).await {
        let clocks = clocks_of_case(&mut state.read().await.unwrap(), case.id).await.unwrap();
        let answer = clocks.iter().find(|clock| clock.is(ClockKind::Answer)).expect("the unit is known by the class");
        due.push((
            state.pack.calendar.local(case.received_at).to_string(),
            state.pack.calendar.local(answer.due_at).to_string(),
        ));
    }
    due.sort();
    assert_eq!(due[0], ("2011-07-01T09:00:00".to_owned(), "2011-07-06T09:00:00".to_owned()));
    assert_eq!(due[1], ("2011-07-02T10:00:00".to_owned(), "2011-08-01T10:00:00".to_owned()));
    assert_eq!(due[4], ("2011-07-06T18:00:00".to_owned(), "2011-07-08T17:00:00".to_owned()));
}

doors!(a_value_that_has_no_name_here_is_refused_with_its_row, async |app: &App| {
    let files = Files::new();
    files.write("rows.csv", "what,kind,time\n路灯坏了三天没有人修,灯,2019-11-02\n水管漏水很严重,水,2019-11-02\n井盖不见了很危险,盖,2019-11-02\n");
    let values =
        files.write("values.toml", "[category]\n\"灯\" = \"010204\"\n\"水\" = \"990204\"\n").display().to_string();
    let summary = files
        .import(&app.state, "rows.csv", &["--values", &values, "--map", "text=what", "--map", "category=kind"])
        .await;
    assert_eq!(counts(&summary), [3, 1, 0, 2, 0]);
    let rejects = files.rejects();
    assert_eq!((&rejects[0]["code"], &rejects[1]["code"]), (&"category-unknown".into(), &"value-unknown".into()));
    assert!(rejects[1]["reason"].as_str().unwrap().contains("\"盖\" does not stand in [category]"), "{rejects:?}");
    assert_eq!(cases(&app.state).await[0].category, "010204");
    let wrong = files.write("wrong.toml", "[colour]\nred = \"1\"\n").display().to_string();
    let error = files.job("rows.csv", &["--values", &wrong, "--map", "text=what"]).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("no field \"colour\"") && error.contains("category"), "{error}");
});

#[test]
fn what_is_wrong_with_a_record_or_a_folder_is_said() {
    let files = Files::new();
    let (done, said) = derive(&files, &["--root", "990201001001"]);
    assert!(!done && said.contains("no level of the duty list lies below it"), "{said}");
    let kit = files.write("x", "").with_file_name("kit");
    std::fs::create_dir(&kit).unwrap();
    let (done, said) = derive(&files, &["--root", "9902"]);
    assert!(!done && said.contains("was not made by this command"), "{said}");
    std::fs::remove_dir(&kit).unwrap();
    assert!(derive(&files, &["--root", "9902"]).0);
    assert!(derive(&files, &["--root", "9902"]).0, "made anew");
}
