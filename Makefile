.PHONY: run test slow check fmt

# The demo city on an embedded database.
run:
	cargo run --release -- demo

# Every test, on SQLite and on a private PostgreSQL that is stopped at the end.
test:
	scripts/setup
	scripts/with-postgres scripts/test

# What takes too long for every change: 50 kills on each database. A seed is printed; MUSTER_SEED repeats it.
slow:
	scripts/setup
	MUSTER_KILLS=50 scripts/with-postgres cargo test -p muster-server --test kills -- --nocapture --test-threads=1

check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	@if command -v cargo-deny >/dev/null; then cargo deny check; else echo "cargo-deny is not installed (cargo install cargo-deny); deny.toml was not checked"; fi

fmt:
	cargo fmt --all
