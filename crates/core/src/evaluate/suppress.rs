//! Small counts that are not made public, and what must be hidden with them so that nobody can compute them.
//!
//! A cell from one to `k - 1` is small. Whoever knows the sums could compute a single hidden cell, so others are hidden
//! with it: for every small cell there is another table with the same published numbers in which that cell is at least
//! `k`. Zeros tell of nobody and stay.

/// A table of counts with its sums by row, by column, and of all.
#[derive(Clone, Debug)]
pub struct Table {
    rows: usize,
    columns: usize,
    /// Row by row, with the sums as last row and last column.
    cells: Vec<i64>,
    hidden: Vec<bool>,
}

/// Which sums may be hidden where the cells alone do not suffice. The sum of all stays: other tables have it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sums {
    /// Of rows and of columns.
    Both,
    /// Of rows only: those of the columns stand in another table.
    OfRows,
}

impl Table {
    /// INVARIANT: each row has `columns` cells, none of them negative.
    pub fn new(rows: &[Vec<i64>], columns: usize) -> Self {
        let mut cells = Vec::with_capacity((rows.len() + 1) * (columns + 1));
        let mut sums = vec![0; columns + 1];
        for row in rows {
            let of_row: i64 = row.iter().sum();
            for (sum, cell) in sums.iter_mut().zip(row.iter().chain([&of_row])) {
                *sum += cell;
            }
            cells.extend(row);
            cells.push(of_row);
        }
        cells.extend(sums);
        Self { rows: rows.len(), columns, hidden: vec![false; cells.len()], cells }
    }

    fn place(&self, row: usize, column: usize) -> usize {
        row * (self.columns + 1) + column
    }

    fn at(&self, row: usize, column: usize) -> i64 {
        self.cells[self.place(row, column)]
    }

    /// Whether a cell is hidden; the row and column after the last are the sums.
    pub fn is_hidden(&self, row: usize, column: usize) -> bool {
        self.hidden[self.place(row, column)]
    }

    /// Hides every small cell and what gives it away; everything but the sum of all where nothing less does.
    pub fn protect(&mut self, k: i64, sums: Sums) {
        let last = if sums == Sums::Both { self.rows + 1 } else { self.rows };
        let small = |value: i64| (1..k).contains(&value);
        let all: Vec<(usize, usize)> = (0..last)
            .flat_map(|row| (0..=self.columns).map(move |column| (row, column)))
            .filter(|place| *place != (self.rows, self.columns))
            .collect();
        let primary: Vec<(usize, usize)> =
            all.iter().copied().filter(|(row, column)| small(self.at(*row, *column))).collect();
        for (row, column) in &primary {
            let place = self.place(*row, *column);
            self.hidden[place] = true;
        }
        for cell in primary {
            match self.cheapest(cell, k, last) {
                Some(places) => places.into_iter().for_each(|place| self.hidden[place] = true),
                None => return self.hide_all(),
            }
        }
    }

    /// Everything but the sum of all is hidden; where that is small, it too.
    pub fn hide_all(&mut self) {
        let whole = self.place(self.rows, self.columns);
        self.hidden.iter_mut().enumerate().for_each(|(place, hidden)| *hidden |= place != whole);
    }

    /// The three cells that, hidden with this one, let it be `k` more: of all that do, those that hide the least anew.
    ///
    /// One corner of a rectangle grows, and every row, column and sum stays right when its neighbours shrink and the
    /// corner across grows; where a side of the rectangle is a sum, the sum grows with its cell.
    fn cheapest(&self, (row, column): (usize, usize), k: i64, last: usize) -> Option<[usize; 3]> {
        let mut best: Option<(i64, [usize; 3])> = None;
        for other_row in (0..last).filter(|other| *other != row) {
            for other_column in (0..=self.columns).filter(|other| *other != column) {
                let corners = [(row, other_column), (other_row, column), (other_row, other_column)];
                if corners.contains(&(self.rows, self.columns)) {
                    continue;
                }
                // Along a side the sign changes, except where one end of it is a sum.
                let along = if column == self.columns || other_column == self.columns { 1 } else { -1 };
                let down = if row == self.rows || other_row == self.rows { 1 } else { -1 };
                let shrinks = corners.iter().zip([along, down, along * down]).filter(|(_, sign)| *sign < 0);
                if shrinks.into_iter().any(|((row, column), _)| self.at(*row, *column) < k) {
                    continue;
                }
                let places = corners.map(|(row, column)| self.place(row, column));
                let anew =
                    places.iter().filter(|place| !self.hidden[**place]).map(|place| self.cells[*place] + 1).sum();
                if best.is_none_or(|(least, _)| anew < least) {
                    best = Some((anew, places));
                }
            }
        }
        best.map(|(_, places)| places)
    }
}

/// Which of the numbers of a list are hidden, when their sum is known.
pub fn hide_in_list(values: &[i64], k: i64) -> Vec<bool> {
    let mut hidden: Vec<bool> = values.iter().map(|value| (1..k).contains(value)).collect();
    if !hidden.contains(&true) {
        return hidden;
    }
    let is_large = |place: &usize| values[*place] >= k;
    match (0..values.len()).filter(is_large).min_by_key(|place| values[*place]) {
        Some(place) => hidden[place] = true,
        None => hidden.fill(true),
    }
    hidden
}
