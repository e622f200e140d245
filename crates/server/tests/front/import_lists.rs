//! Areas and units from files.

use clap::Parser;
use muster_core::people::Actor;
use muster_server::cli::import::{areas, units};
use muster_server::state::State;
use muster_server::usecase::area_edit::area_edit;
use muster_server::usecase::unit_edit::unit_edit;
use muster_store::people::{area_get, unit_by_code};
use serde_json::json;

use crate::app::{App, doors};
use crate::import_files::Files;

#[derive(Parser)]
struct AreaLine {
    #[command(flatten)]
    args: areas::Args,
}

#[derive(Parser)]
struct UnitLine {
    #[command(flatten)]
    args: units::Args,
}

pub(crate) async fn import_areas(files: &Files, state: &State, names: &[&str]) -> areas::Summary {
    let job = areas::Job::open(&AreaLine::parse_from(files.line(names, &[])).args).unwrap();
    let (summary, end) = job.run(state).await;
    end.unwrap();
    assert_eq!(summary.read, summary.added + summary.renamed + summary.moved + summary.unchanged + summary.rejected);
    summary
}

pub(crate) async fn import_units(files: &Files, state: &State, names: &[&str]) -> units::Summary {
    let job = units::Job::open(&UnitLine::parse_from(files.line(names, &[])).args).unwrap();
    let (summary, end) = job.run(state).await;
    end.unwrap();
    assert_eq!(summary.read, summary.added + summary.changed + summary.unchanged + summary.rejected);
    summary
}

/// `read, added, renamed, unchanged, rejected`
fn five(summary: &areas::Summary) -> [u64; 5] {
    [summary.read, summary.added, summary.renamed, summary.unchanged, summary.rejected]
}

doors!(an_area_brings_its_middle_and_a_wrong_one_is_named, async |app: &App| {
    let files = Files::new();
    files.write("areas.csv", "code,name,纬度,经度\n91,某省,30.5,118.25\n9101,甲市,95,118\n9102,乙市,30.1,\n");
    let summary = import_areas(&files, &app.state, &["areas.csv"]).await;
    assert_eq!((summary.added, summary.rejected), (1, 2));
    let rejects = std::fs::read_to_string(summary.rejects.unwrap()).unwrap();
    assert!(rejects.contains("\"latitude\"") && rejects.contains("\"longitude\""), "{rejects}");
    let middle = async || {
        muster_store::dispatch::area_middle(&mut app.state.read().await.unwrap(), "91".parse().unwrap())
            .await
            .unwrap()
            .unwrap()
    };
    assert_eq!((middle().await.latitude, middle().await.longitude), (30_500_000, 118_250_000));
    files.write("areas.csv", "code,name,latitude,longitude\n91,某省,31,118.25\n");
    let summary = import_areas(&files, &app.state, &["areas.csv"]).await;
    assert_eq!((summary.moved, summary.unchanged), (1, 0));
    assert_eq!(middle().await.latitude, 31_000_000);
    files.write("areas.csv", "code,name\n91,某省\n");
    let summary = import_areas(&files, &app.state, &["areas.csv"]).await;
    assert_eq!(
        (summary.moved, summary.unchanged, middle().await.latitude),
        (0, 1, 31_000_000),
        "what is not said stays"
    );
});

doors!(the_tree_comes_in_any_order_of_files, async |app: &App| {
    let files = Files::new();
    files.write(
        "villages.csv",
        "code,name,streetCode\n910102001001,东门社区,910102001\n910200003001,河口村,910200003\n",
    );
    files.write("streets.csv", "code,name,areaCode\n910102001,\"城关, 街道\",910102\n910200003,河口镇,910200\n");
    files.write("areas.csv", "code,name,cityCode\n910102,东区,9101\n910200,无县市,9102\n");
    files.write("cities.csv", "code,name,provinceCode\n9101,甲市,91\n9102,无县市,91\n");
    files.write("provinces.csv", "code,name\n91,某省\n");
    files.write("grids.jsonl", "{\"code\": 910102001001001, \"name\": \"第一网格\", \"parent\": 910102001001}\n");
    let all = ["villages.csv", "grids.jsonl", "streets.csv", "areas.csv", "cities.csv", "provinces.csv"];
    // The city without counties stands in two lists under one code and one name.
    assert_eq!(five(&import_areas(&files, &app.state, &all).await), [10, 9, 0, 1, 0]);
    assert_eq!(five(&import_areas(&files, &app.state, &all).await), [10, 0, 0, 10, 0]);

    let mut tx = app.state.read().await.unwrap();
    let town = area_get(&mut tx, "910200003".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((town.name.as_str(), town.parent), ("河口镇", Some(910_200_000_000_000)), "a town may lie in a city");
    let street = area_get(&mut tx, "910102001".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(street.name, "城关, 街道");
    drop(tx);

    files.write("streets.csv", "code,name\n910102001,城关街道\n910200003,河口镇\n");
    assert_eq!(five(&import_areas(&files, &app.state, &["streets.csv"]).await), [2, 0, 1, 1, 0]);
});

doors!(faults_of_areas_are_named_by_line, async |app: &App| {
    let files = Files::new();
    let table = "code,name,parent\n\
                 91,某省,\n\
                 92010,五位,\n\
                 ,无码,\n\
                 920102,无父区,\n\
                 9101,甲市,92\n\
                 9102,,91\n\
                 9103,乙市,91\n\
                 9103,丙市,91\n\
                 9104,丁市,91,\n";
    files.write("areas.csv", table);
    for (added, unchanged) in [(2, 0), (0, 2)] {
        assert_eq!(five(&import_areas(&files, &app.state, &["areas.csv"]).await), [9, added, 0, unchanged, 7]);
        let mut said: Vec<_> = files.rejects().iter().map(|r| json!([r["line"], r["field"], r["code"]])).collect();
        said.sort_by_key(|line| line[0].as_i64());
        let expected = json!([
            [3, "code", "code-invalid"],
            [4, "code", "code-missing"],
            [5, "parent", "parent-missing"],
            [6, "parent", "parent-wrong"],
            [7, "name", "name-missing"],
            [9, "code", "code-repeated"],
            [10, "", "columns-wrong"],
        ]);
        assert_eq!(json!(said), expected);
        let missing = files.rejects().into_iter().find(|reject| reject["line"] == 5).unwrap();
        assert!(missing["reason"].as_str().unwrap().contains("920100000000000"), "{missing}");
    }
    let refused = area_edit(&app.state, &Actor::Anonymous, &[]).await.unwrap_err();
    assert_eq!(refused.status(), 401);
});

doors!(units_come_with_department_and_area, async |app: &App| {
    let files = Files::new();
    let table = "code,name,department,area\n\
                 t-water,测试区水务局,water,900102\n\
                 t-none,测试区占星局,astrology,900102\n\
                 t-far,别处水务局,water,990102\n\
                 t far,空格水务局,water,900102\n\
                 t-water,另一水务局,water,900102\n\
                 t-bad,测试区水务局,water,somewhere\n";
    files.write("units.csv", table);
    for (added, unchanged) in [(1, 0), (0, 1)] {
        let summary = import_units(&files, &app.state, &["units.csv"]).await;
        assert_eq!((summary.read, summary.added, summary.unchanged, summary.rejected), (6, added, unchanged, 5));
        let said: Vec<_> = files.rejects().iter().map(|r| json!([r["line"], r["field"], r["code"]])).collect();
        let expected = json!([
            [3, "department", "department-unknown"],
            [4, "area", "area-unknown"],
            [5, "code", "code-invalid"],
            [6, "code", "code-repeated"],
            [7, "area", "area-unknown"],
        ]);
        assert_eq!(json!(said), expected);
        assert!(
            files.rejects()[0]["reason"].as_str().unwrap().contains("urban_management"),
            "the known ones are named"
        );
    }
    files.write("units.csv", "code,name,department,area\nt-water,测试区水利局,water,900102001\n");
    let moved = import_units(&files, &app.state, &["units.csv"]).await;
    assert_eq!((moved.added, moved.changed), (0, 1));
    let mut tx = app.state.read().await.unwrap();
    let unit = unit_by_code(&mut tx, "t-water").await.unwrap().unwrap();
    assert_eq!((unit.name.as_str(), unit.area.to_string().as_str()), ("测试区水利局", "900102001000000"));
    drop(tx);
    let draft = muster_server::usecase::unit_edit::UnitDraft {
        code: unit.code,
        name: unit.name,
        department: unit.department,
        area: unit.area,
    };
    assert_eq!(unit_edit(&app.state, &Actor::Anonymous, &[draft]).await.unwrap_err().status(), 401);
});

/// The national lists, where they are.
#[tokio::test]
async fn the_national_lists_are_taken_whole() {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/cn_divisions");
    let names = ["villages_4301_changsha.csv", "streets.csv", "areas.csv", "cities.csv", "provinces.csv"];
    let files = Files::new();
    for name in names {
        let Ok(bytes) = std::fs::read(shared.join(name)) else {
            eprintln!("skipped: {} is not there", shared.join(name).display());
            return;
        };
        files.write(name, bytes);
    }
    let app = App::new(muster_store::testing::sqlite().await).await;
    let first = import_areas(&files, &app.state, &names).await;
    assert_eq!(five(&first), [46_352, 46_348, 0, 4, 0], "four stand in two lists");
    assert_eq!(five(&import_areas(&files, &app.state, &names).await), [46_352, 0, 0, 46_352, 0]);
}
