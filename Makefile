.PHONY: run test slow bench check fmt

# The demo city on an embedded database.
run:
	cargo run --release -- demo

# Every test, on SQLite and on a private PostgreSQL that is stopped at the end.
test:
	scripts/setup
	scripts/with-postgres scripts/test

# Kills, fuzzing, a million cases: hours, not minutes.
slow:
	scripts/setup
	scripts/with-postgres scripts/slow

# Timings of this machine.
bench:
	scripts/setup
	cargo build --release --bin muster
	scripts/with-postgres scripts/bench

check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	@if command -v cargo-deny >/dev/null; then cargo deny check; else echo "cargo-deny is not installed (cargo install cargo-deny); deny.toml was not checked"; fi

fmt:
	cargo fmt --all
