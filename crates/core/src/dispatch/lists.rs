//! Many short lists in one allocation. A list that outgrows its place moves to the end with room to grow; what refers to
//! an item does so by list and offset.

#[derive(Debug, Clone, Copy)]
struct Block {
    start: u32,
    len: u32,
    room: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Lists<T> {
    blocks: Vec<Block>,
    items: Vec<T>,
}

impl<T: Copy> Lists<T> {
    /// Full lists, one behind the other; each begins where the next number says, and the last number is the end.
    pub(super) fn full(starts: &[u32], items: Vec<T>) -> Self {
        let blocks = starts.windows(2).map(|ends| {
            let len = ends[1] - ends[0];
            Block { start: ends[0], len, room: len }
        });
        Self { blocks: blocks.collect(), items }
    }

    /// Empty lists with room.
    pub(super) fn empty(rooms: impl Iterator<Item = u32>, filler: T) -> Self {
        let mut start = 0;
        let blocks = rooms
            .map(|room| {
                let block = Block { start, len: 0, room };
                start += room;
                block
            })
            .collect();
        Self { blocks, items: vec![filler; start as usize] }
    }

    /// Lays the lists out anew with room for an eighth more in each and at the end, so that growth seldom moves one.
    pub(super) fn loosen(&mut self) {
        let Some(&filler) = self.items.first() else { return };
        let old = std::mem::take(&mut self.items);
        let room = |len: u32| len + len / 8 + 2;
        let all: usize = self.blocks.iter().map(|block| room(block.len) as usize).sum();
        self.items.reserve(all + all / 8);
        for block in &mut self.blocks {
            let start = self.items.len() as u32;
            self.items.extend_from_slice(&old[block.start as usize..(block.start + block.len) as usize]);
            *block = Block { start, len: block.len, room: room(block.len) };
            self.items.resize((start + block.room) as usize, filler);
        }
    }

    pub(super) fn add_list(&mut self) {
        self.blocks.push(Block { start: self.items.len() as u32, len: 0, room: 0 });
    }

    pub(super) fn len(&self, list: usize) -> u32 {
        self.blocks[list].len
    }

    pub(super) fn get(&self, list: usize) -> &[T] {
        let block = self.blocks[list];
        &self.items[block.start as usize..(block.start + block.len) as usize]
    }

    pub(super) fn get_mut(&mut self, list: usize) -> &mut [T] {
        let block = self.blocks[list];
        &mut self.items[block.start as usize..(block.start + block.len) as usize]
    }

    pub(super) fn push(&mut self, list: usize, item: T) {
        let Block { start, len, room } = self.blocks[list];
        if len == room {
            let end = self.items.len();
            self.items.extend_from_within(start as usize..(start + len) as usize);
            let room = room + room / 4 + 4;
            self.items.resize(end + room as usize, item);
            self.blocks[list] = Block { start: end as u32, len, room };
        }
        let block = &mut self.blocks[list];
        self.items[(block.start + block.len) as usize] = item;
        block.len += 1;
    }

    /// Takes an item out; the last one moves to its place.
    pub(super) fn swap_remove(&mut self, list: usize, offset: usize) {
        let items = self.get_mut(list);
        items[offset] = items[items.len() - 1];
        self.blocks[list].len -= 1;
    }

    pub(super) fn clear(&mut self, list: usize) {
        self.blocks[list].len = 0;
    }
}
