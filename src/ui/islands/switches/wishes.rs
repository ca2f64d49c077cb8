//! What a person wants of the switches, until the server has said that it is so. Plain data, without a browser.
//!
//! A switch says what it wants, on or off, and not what it saw. So a request may be sent again without harm, and the
//! requests of several administrators do not undo each other. One switch has one request under way at most; what was
//! wanted meanwhile is sent after its answer.

/// The most requests under way.
const MOST_REQUESTS: usize = 4;

/// Seconds before a request without an answer is sent again, by the number of requests before.
const ASK_AGAIN_AFTER: [u32; 3] = [2, 5, 10];

/// What a switch says that is kept for the time after the next sign-in.
const SESSION_ENDED: &str = "Not saved: your session has ended.";

/// The same, when the password has to be typed again.
const PASSWORD_NEEDED: &str = "Not saved: your password is needed.";

/// Why nothing is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The session has ended.
    SessionEnded,
    /// The password has to be typed again.
    PasswordNeeded,
}

/// All switches of the page, in its order.
pub struct Wishes {
    switches: Vec<Switch>,
    version: i64,
    under_way: usize,
    stopped: Option<Stop>,
}

/// One switch.
struct Switch {
    name: String,
    /// Whether the server's newest answer has it on.
    held: bool,
    /// What is wanted and not confirmed.
    wish: Option<bool>,
    is_under_way: bool,
    /// How many requests since the last answer had none; the server may have acted on them.
    unanswered: usize,
    /// Whether it is to be asked again later.
    waits: bool,
    outcome: Outcome,
}

/// How the last wish of a switch ended.
#[derive(Clone, PartialEq, Eq)]
enum Outcome {
    None,
    Saved,
    Refused { on: bool, sentence: String },
}

/// A request to turn switches on or off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The switches, by their position on the page.
    pub positions: Vec<usize>,
    /// On or off.
    pub on: bool,
}

/// What a switch shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its position.
    pub on: bool,
    /// What is beside it.
    pub state: State,
}

/// What is beside a switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing: it is as on the server.
    Settled,
    /// It is being saved.
    Saving,
    /// It was saved a moment ago.
    Saved,
    /// It was refused and set back; with the reason.
    Refused(String),
    /// No answer came.
    Unknown {
        /// Whether it is being asked again.
        is_asking: bool,
    },
}

impl Wishes {
    /// The switches by name, each as the server has it.
    pub fn new(switches: impl IntoIterator<Item = (String, bool)>) -> Self {
        let switch = |(name, held)| Switch {
            name,
            held,
            wish: None,
            is_under_way: false,
            unanswered: 0,
            waits: false,
            outcome: Outcome::None,
        };
        Self {
            switches: switches.into_iter().map(switch).collect(),
            version: 0,
            under_way: 0,
            stopped: None,
        }
    }

    /// The name of a switch.
    #[must_use]
    pub fn name(&self, position: usize) -> &str {
        &self.switches[position].name
    }

    /// The position of a switch.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.switches.iter().position(|switch| switch.name == name)
    }

    /// Whether the server has a switch on.
    #[must_use]
    pub fn is_held(&self, position: usize) -> bool {
        self.switches[position].held
    }

    /// What a switch shows.
    #[must_use]
    pub fn shown(&self, position: usize) -> Shown {
        let switch = &self.switches[position];
        let state = match (switch.wish, &switch.outcome) {
            (Some(_), _) if switch.unanswered > 0 => State::Unknown {
                is_asking: switch.is_under_way || !(switch.waits || self.is_stopped()),
            },
            (Some(_), _) if self.is_stopped() && !switch.is_under_way => {
                let sentence = match self.stopped {
                    Some(Stop::PasswordNeeded) => PASSWORD_NEEDED,
                    _ => SESSION_ENDED,
                };
                State::Refused(sentence.to_owned())
            }
            (Some(_), _) => State::Saving,
            (None, Outcome::None) => State::Settled,
            (None, Outcome::Saved) => State::Saved,
            (None, Outcome::Refused { sentence, .. }) => State::Refused(sentence.clone()),
        };
        Shown {
            on: switch.wish.unwrap_or(switch.held),
            state,
        }
    }

    /// Takes a wish. Without need of a request, the switch is settled at once.
    pub fn wish(&mut self, position: usize, on: bool) {
        self.stopped = None;
        let switch = &mut self.switches[position];
        switch.outcome = Outcome::None;
        switch.waits = false;
        let is_so = switch.held == on && !switch.is_under_way && switch.unanswered == 0;
        switch.wish = (!is_so).then_some(on);
    }

    /// Wants again what was refused, and asks again what is unknown.
    pub fn retry(&mut self, position: usize) {
        if let Outcome::Refused { on, .. } = self.switches[position].outcome {
            self.wish(position, on);
        } else {
            self.stopped = None;
            self.switches[position].waits = false;
        }
    }

    /// Asks again about switches that wait for it.
    pub fn ask_again(&mut self, positions: impl IntoIterator<Item = usize>) {
        for position in positions {
            self.switches[position].waits = false;
        }
    }

    /// The next request, if one is to be sent now: all wishes that are alike go together.
    pub fn next_request(&mut self) -> Option<Request> {
        if self.is_stopped() || self.under_way >= MOST_REQUESTS {
            return None;
        }
        let is_queued = |switch: &Switch| !switch.is_under_way && !switch.waits;
        for switch in &mut self.switches {
            // It was moved there and back while a request was under way.
            if is_queued(switch) && switch.unanswered == 0 && switch.wish == Some(switch.held) {
                switch.wish = None;
            }
        }
        let mut queued = self.switches.iter().filter(|switch| is_queued(switch));
        let on = queued.find_map(|switch| switch.wish)?;
        let mut positions = Vec::new();
        for (position, switch) in self.switches.iter_mut().enumerate() {
            if is_queued(switch) && switch.wish == Some(on) {
                switch.is_under_way = true;
                positions.push(position);
            }
        }
        self.under_way += 1;
        Some(Request { positions, on })
    }

    /// Takes the answer of a request: what the client holds at a version. Returns the switches that are saved by it.
    ///
    /// Answers may come in another order than the changes were made in, so an older version is no news.
    pub fn answered(&mut self, request: &Request, held: &[String], version: i64) -> Vec<usize> {
        self.under_way -= 1;
        let mut saved = Vec::new();
        for &position in &request.positions {
            let switch = &mut self.switches[position];
            switch.is_under_way = false;
            switch.unanswered = 0;
            if switch.wish == Some(request.on) {
                switch.wish = None;
                switch.outcome = Outcome::Saved;
                saved.push(position);
            }
        }
        self.learned(held, version);
        saved
    }

    /// Learns what the client holds at a version. An older version than one that is known is no news; what is wanted stays
    /// wanted. Returns how many switches changed by it.
    pub fn learned(&mut self, held: &[String], version: i64) -> usize {
        if version < self.version {
            return 0;
        }
        self.version = version;
        let mut changed = 0;
        for switch in &mut self.switches {
            let is_held = held.contains(&switch.name);
            changed += usize::from(is_held != switch.held);
            switch.held = is_held;
            if matches!(switch.outcome, Outcome::Refused { on, .. } if on == switch.held) {
                switch.outcome = Outcome::None;
            }
        }
        changed
    }

    /// Sets back the switches of a request that was refused, unless they are wanted otherwise by now. Returns them.
    pub fn refused(&mut self, request: &Request, reason: &str) -> Vec<usize> {
        self.under_way -= 1;
        for &position in &request.positions {
            let switch = &mut self.switches[position];
            switch.is_under_way = false;
            switch.unanswered = 0;
        }
        self.set_back(&request.positions, request.on, reason)
    }

    /// Sets back switches whose wish is not sent at all. Returns them.
    pub fn set_back(&mut self, positions: &[usize], on: bool, reason: &str) -> Vec<usize> {
        let mut set_back = Vec::new();
        for &position in positions {
            let switch = &mut self.switches[position];
            if switch.wish == Some(on) {
                let state = if switch.held { "on" } else { "off" };
                switch.wish = None;
                switch.outcome = Outcome::Refused {
                    on,
                    sentence: format!("{reason} This permission is still {state}."),
                };
                set_back.push(position);
            }
        }
        set_back
    }

    /// Keeps the wishes of a request that got no answer: nobody knows whether the server acted. Returns the seconds after
    /// which they are to be asked again; none after the last time.
    pub fn unanswered(&mut self, request: &Request) -> Option<u32> {
        self.under_way -= 1;
        let mut times = 0;
        for &position in &request.positions {
            let switch = &mut self.switches[position];
            switch.is_under_way = false;
            switch.unanswered += 1;
            times = times.max(switch.unanswered);
            // What is wanted otherwise by now is sent at once.
            switch.waits = switch.wish == Some(request.on);
        }
        ASK_AGAIN_AFTER.get(times.checked_sub(1)?).copied()
    }

    /// Sends nothing until the next wish. The wishes of the request stay.
    pub fn stop(&mut self, request: &Request, why: Stop) {
        self.under_way -= 1;
        self.stopped = Some(why);
        for &position in &request.positions {
            self.switches[position].is_under_way = false;
        }
    }

    /// Whether nothing is sent, until the person has been to another page.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped.is_some()
    }

    /// Forgets that switches were saved.
    pub fn fade(&mut self, positions: &[usize]) {
        for &position in positions {
            let switch = &mut self.switches[position];
            if switch.outcome == Outcome::Saved {
                switch.outcome = Outcome::None;
            }
        }
    }

    /// The wishes that are not confirmed, as a text such as `+blogs.read -blogs.write`; empty without any.
    #[must_use]
    pub fn unsaved(&self) -> String {
        let mut text = String::new();
        for switch in &self.switches {
            if let Some(on) = switch.wish {
                text.push_str(if on { " +" } else { " -" });
                text.push_str(&switch.name);
            }
        }
        text.split_off(text.len().min(1))
    }

    /// Takes the wishes of such a text.
    pub fn take_up(&mut self, unsaved: &str) {
        for word in unsaved.split(' ') {
            let on = word.starts_with('+');
            let name = word.trim_start_matches(['+', '-']);
            if let Some(position) = self.position(name) {
                self.wish(position, on);
            }
        }
    }
}

#[cfg(test)]
mod tests;
