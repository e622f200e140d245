//! What is published of a table never lets anybody compute, or bound below five, a count that is small.

use muster_core::evaluate::suppress::{Sums, Table, hide_in_list};
use proptest::prelude::*;

const K: i64 = 5;

/// Row, column, and by how much the cell changes.
type Arc = (usize, usize, i64);

/// Cells with their sums, as a naive reader of the published table holds them.
struct Published {
    cells: Vec<Vec<i64>>,
    hidden: Vec<Vec<bool>>,
}

impl Published {
    fn of(rows: &[Vec<i64>], columns: usize, sums: Sums) -> Self {
        let mut table = Table::new(rows, columns);
        table.protect(K, sums);
        let mut cells: Vec<Vec<i64>> = rows.iter().map(|row| [row.clone(), vec![row.iter().sum()]].concat()).collect();
        cells.push((0..=columns).map(|column| cells.iter().map(|row| row[column]).sum()).collect());
        let hidden =
            (0..=rows.len()).map(|row| (0..=columns).map(|column| table.is_hidden(row, column)).collect()).collect();
        Self { cells, hidden }
    }

    /// The most a hidden cell can be in any table that agrees with all that is published, counted up to `enough`: one
    /// more at a time, along a closed walk through hidden cells on which every row, column and sum stays right.
    ///
    /// Rows and columns are the nodes, cells the arcs between them: from row to column, and the other way where exactly
    /// one of both is the line of the sums. An arc may always take more, and less while it holds something.
    fn most(&self, row: usize, column: usize, enough: i64) -> i64 {
        let mut held = self.cells.clone();
        while held[row][column] < enough {
            let (from, to) = self.ends(row, column);
            let Some(path) = self.path(&held, to, from, (row, column)) else { break };
            for (row, column, change) in path {
                held[row][column] += change;
            }
            held[row][column] += 1;
        }
        held[row][column]
    }

    fn ends(&self, row: usize, column: usize) -> (usize, usize) {
        let (rows, columns) = (self.cells.len(), self.cells[0].len());
        let (near, far) = (row, rows + column);
        if (row + 1 == rows) == (column + 1 == columns) { (near, far) } else { (far, near) }
    }

    fn path(&self, held: &[Vec<i64>], from: usize, to: usize, but: (usize, usize)) -> Option<Vec<Arc>> {
        let nodes = self.cells.len() + self.cells[0].len();
        let mut came: Vec<Option<(usize, Arc)>> = vec![None; nodes];
        let mut open = vec![from];
        let mut known = vec![false; nodes];
        known[from] = true;
        while let Some(node) = open.pop() {
            for (row, line) in self.hidden.iter().enumerate() {
                for column in (0..line.len()).filter(|column| line[*column] && (row, *column) != but) {
                    let (start, end) = self.ends(row, column);
                    let steps = [(start, end, 1), (end, start, -1)];
                    for (here, there, change) in steps {
                        if here == node && !known[there] && (change > 0 || held[row][column] > 0) {
                            known[there] = true;
                            came[there] = Some((here, (row, column, change)));
                            open.push(there);
                        }
                    }
                }
            }
        }
        let mut path = Vec::new();
        let mut node = to;
        while node != from {
            let (before, step) = came[node]?;
            path.push(step);
            node = before;
        }
        Some(path)
    }
}

fn table() -> impl Strategy<Value = (Vec<Vec<i64>>, usize)> {
    (1_usize..7, 1_usize..6).prop_flat_map(|(rows, columns)| {
        let cell = prop_oneof![3 => 0_i64..8, 1 => Just(0_i64), 2 => 8_i64..60];
        (prop::collection::vec(prop::collection::vec(cell, columns), rows), Just(columns))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_small_cell_may_be_large_for_all_that_is_published((rows, columns) in table(), of_rows in any::<bool>()) {
        let sums = if of_rows { Sums::OfRows } else { Sums::Both };
        let published = Published::of(&rows, columns, sums);
        let whole = published.cells[rows.len()][columns];
        prop_assert!(!published.hidden[rows.len()][columns], "the sum of all is another's to hide");
        let last = if of_rows { rows.len() } else { rows.len() + 1 };
        for row in 0..last {
            for column in 0..=columns {
                let value = published.cells[row][column];
                if (row, column) == (rows.len(), columns) || !(1..K).contains(&value) {
                    continue;
                }
                prop_assert!(published.hidden[row][column], "{value} is shown at {row}, {column} of {rows:?}");
                // Where less than five were counted in all, that is not told at all.
                if whole >= K {
                    let most = published.most(row, column, K);
                    prop_assert!(most >= K, "{value} at {row}, {column} is at most {most}: {:?} of {rows:?}", published.hidden);
                }
            }
        }
    }

    #[test]
    fn a_small_number_of_a_list_may_be_large(values in prop::collection::vec(prop_oneof![0_i64..8, 8_i64..40], 1..8)) {
        let hidden = hide_in_list(&values, K);
        let total: i64 = values.iter().sum();
        for (place, value) in values.iter().enumerate().filter(|(_, value)| (1..K).contains(*value)) {
            prop_assert!(hidden[place]);
            let known: i64 = values.iter().zip(&hidden).filter(|(_, hidden)| !**hidden).map(|(value, _)| value).sum();
            prop_assert!(total < K || total - known >= K, "{value} is at most {} in {values:?}", total - known);
        }
    }
}

#[test]
fn nothing_is_hidden_where_nothing_is_small() {
    let rows = vec![vec![12, 7, 0], vec![5, 30, 9]];
    let published = Published::of(&rows, 3, Sums::Both);
    assert!(published.hidden.concat().iter().all(|hidden| !hidden));
}

#[test]
fn one_small_cell_takes_three_with_it_and_no_more() {
    let rows = vec![vec![3, 20, 40], vec![30, 9, 50], vec![31, 32, 6]];
    let published = Published::of(&rows, 3, Sums::Both);
    let hidden: Vec<i64> = published
        .cells
        .concat()
        .into_iter()
        .zip(published.hidden.concat())
        .filter(|(_, hidden)| *hidden)
        .map(|(cell, _)| cell)
        .collect();
    assert_eq!(hidden, [3, 20, 30, 9]);
}

/// The oracle sees what a careless table gives away.
#[test]
fn a_single_hidden_cell_is_computed_by_the_reader() {
    let cells = vec![vec![3, 20, 23], vec![30, 9, 39], vec![33, 29, 62]];
    let mut hidden = vec![vec![false; 3]; 3];
    hidden[0][0] = true;
    let careless = Published { cells, hidden };
    assert_eq!(careless.most(0, 0, K), 3);
}
