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
