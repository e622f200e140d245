//! Whose report it is: the person of a phone number or of a sender's handle, or a new one. Neither is stored in clear.

use muster_core::id::PersonId;
use muster_core::intake::Accepted;
use muster_store::Tx;
use muster_store::intake::{PersonRow, person_by_handle, person_by_phone, person_learn};

use super::act::Act;
use crate::error::{Error, Result};
use crate::secret::{DataKey, place};
use crate::state::State;

/// How a report says its person can be reached, with the keyed hashes under which they are found.
pub(super) struct Reached {
    phone: Option<(String, Vec<u8>)>,
    handle: Option<(String, Vec<u8>)>,
}

impl Reached {
    /// # Errors
    /// Some that look like phone numbers, such as `001234`, can be dialled nowhere.
    pub(super) fn of(state: &State, accepted: &Accepted) -> Result<Self> {
        let index = |phone: &String| {
            let index = state.keys.blind_index(phone);
            let index = index.map_err(|fault| Error::invalid("phone", "phone-invalid", fault.to_string()))?;
            Ok::<_, Error>((phone.clone(), index.to_vec()))
        };
        let handle = accepted.handle.as_ref();
        Ok(Self {
            phone: accepted.phone.as_ref().map(index).transpose()?,
            handle: handle.map(|handle| (handle.clone(), state.keys.handle_index(handle).to_vec())),
        })
    }
}

/// What is known of the person of a report.
pub(super) struct Reporter {
    known: Option<PersonRow>,
    /// Nobody has this phone, this handle yet.
    new_phone: bool,
    new_handle: bool,
}

impl Reporter {
    pub(super) async fn look_up(tx: &mut Tx, reached: &Reached) -> Result<Self> {
        let by_phone = match &reached.phone {
            Some((_, index)) => person_by_phone(tx, index).await?,
            None => None,
        };
        let by_handle = match &reached.handle {
            Some((_, index)) => person_by_handle(tx, index).await?,
            None => None,
        };
        let (new_phone, new_handle) = (by_phone.is_none(), by_handle.is_none());
        // Under one handle with another phone speaks someone else.
        let same = by_handle.filter(|person| reached.phone.is_none() || person.phone_index.is_none());
        Ok(Self { known: by_phone.or(same), new_phone, new_handle })
    }

    /// The person with their key; a new one where nobody is known. Without phone and handle every report has its own.
    pub(super) fn person(&self, act: &mut Act<'_>, reached: &Reached) -> Result<(PersonId, DataKey)> {
        let state = act.state;
        if let Some(known) = &self.known {
            return Ok((known.id, key(state, known)?));
        }
        let id = PersonId(state.chance.uuid(act.at));
        let key = DataKey::generate(&state.chance);
        let row = PersonRow {
            wrapped_key: state.keys.wrap(&key, &id.to_string(), &state.chance),
            created_at: act.at.0,
            ..self.told(state, reached, id, &key)
        };
        act.rows.persons.push(row);
        Ok((id, key))
    }

    /// Whoever was known by one of phone and handle is known by both from now on.
    pub(super) async fn learn(&self, act: &mut Act<'_>, reached: &Reached) -> Result<()> {
        let Some(known) = &self.known else { return Ok(()) };
        let phone = reached.phone.is_some() && self.new_phone && known.phone_index.is_none();
        let handle = reached.handle.is_some() && self.new_handle && known.handle_index.is_none();
        if phone || handle {
            let told = self.told(act.state, reached, known.id, &key(act.state, known)?);
            person_learn(&mut act.tx, &told).await?;
        }
        Ok(())
    }

    fn told(&self, state: &State, reached: &Reached, id: PersonId, key: &DataKey) -> PersonRow {
        let seal = |column: &str, text: &str| {
            key.seal(&state.chance, &place("persons", column, &id.to_string()), text.as_bytes())
        };
        let phone = reached.phone.as_ref().filter(|_| self.new_phone);
        let handle = reached.handle.as_ref().filter(|_| self.new_handle);
        PersonRow {
            id,
            wrapped_key: Vec::new(),
            phone_sealed: phone.map(|(phone, _)| seal("phone_sealed", phone)),
            phone_index: phone.map(|(_, index)| index.clone()),
            handle_sealed: handle.map(|(handle, _)| seal("handle_sealed", handle)),
            handle_index: handle.map(|(_, index)| index.clone()),
            created_at: 0,
        }
    }
}

fn key(state: &State, person: &PersonRow) -> Result<DataKey> {
    state.keys.unwrap(&person.wrapped_key, &person.id.to_string()).map_err(|error| Error::internal(&error))
}
