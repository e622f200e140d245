//! `muster dispatch`: an instance is written, solved and proven; what is no instance is told so.

use std::path::Path;
use std::process::Command;

fn muster(arguments: &[&str], file: &Path) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_muster")).arg("dispatch").args(arguments).arg(file).output().unwrap();
    let said = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[test]
fn an_instance_is_written_and_solved() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("s.instance");
    let (is_written, said) = muster(&["instance", "--size", "s", "--out"], &file);
    assert!(is_written && said.contains("1000 needs, 5000 resources"), "{said}");
    let (is_solved, said) = muster(&["solve", "--json"], &file);
    assert!(is_solved, "{said}");
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    // As OR-Tools finds it too (benches/peers/ortools_match.py).
    assert_eq!((&report["objective"], &report["dual"]), (&27_413_448.into(), &27_413_448.into()));
    assert!(report["seconds"].as_f64().unwrap() > 0.0);

    let other = folder.path().join("other");
    std::fs::write(&other, "no instance").unwrap();
    let (is_solved, said) = muster(&["solve"], &other);
    assert!(!is_solved && said.contains("other is no instance") && said.contains("muster dispatch instance"), "{said}");
}

#[test]
fn a_city_is_played_the_same_way_twice() {
    let small = ["simulate", "--days", "3", "--runs", "2", "--needs", "20", "--resources", "200", "--side"];
    let (is_played, said) = muster(&small, Path::new("8"));
    assert!(is_played && said.starts_with("200 resources, 20 needs a day, 3 days, 8 km square"), "{said}");
    for expected in
        ["| separate teams | nearest first |", "| one schedule |", "| filled % |", "| Gini of tasks |", "Assumed: "]
    {
        assert!(said.contains(expected), "{expected} in {said}");
    }
    assert_eq!(muster(&small, Path::new("8")), (true, said));
    let (is_played, said) = muster(&["simulate", "--json", "--runs", "1", "--days", "1", "--side"], Path::new("8"));
    assert!(is_played, "{said}");
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(report["runs"].as_array().unwrap().len(), 8);
    assert_eq!(report["runs"][0]["needs"], 150);
    let (is_played, said) = muster(&["simulate", "--days", "0", "--side"], Path::new("8"));
    assert!(!is_played && said.contains("0 days; try 1 to 366"), "{said}");
}
