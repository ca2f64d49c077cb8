//! What commands have to say besides their data: complaints, and changes whose result cannot be printed.
//! [`words`](super::words) has the sentences. A `cause` is the text of the system.

use std::io::ErrorKind;
use std::net::SocketAddr;

use super::client::ClientId;
use super::ids::{OrganizationId, ParticipantId};

/// Why a command does not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandComplaint {
    /// A text is no duration.
    DurationUnreadable,
    /// A duration is longer than can be counted.
    DurationTooLong,
    /// Tokens would live too long, or not at all.
    TokenTtlInvalid,
    /// A text is no beginning of a token.
    TokenPrefixInvalid,
    /// A text is no moment.
    TimeUnreadable,
    /// A text is no kind of events and no topic of them.
    ActionUnknown,
    /// A text is no role.
    RoleUnknown,
    /// A host is blank.
    HostBlank,
    /// An item of a list is blank.
    ItemBlank,
    /// A file of participants has lines that are wrong, which were printed.
    NothingImported,
    /// This variable switches `api-client` off.
    SwitchedOff {
        /// The variable.
        variable: &'static str,
    },

    /// A secret was asked for, and nothing was typed.
    NothingTyped,
    /// A secret was typed twice, and not the same.
    TypedDifferently,
    /// A secret on standard input is not UTF-8.
    LineNotUtf8 {
        /// What the secret is.
        what: String,
    },
    /// A secret cannot be read from standard input.
    LineUnreadable {
        /// What the secret is.
        what: String,
        /// The cause.
        cause: String,
    },
    /// The settings of the terminal cannot be read.
    TerminalUnreadable {
        /// The cause.
        cause: String,
    },
    /// The terminal would show the secret.
    EchoStaysOn {
        /// The cause.
        cause: String,
    },
    /// A signal cannot be waited for.
    SignalUnusable {
        /// The number of the signal.
        number: i32,
        /// The cause.
        cause: String,
    },
    /// The server cannot listen on its address.
    AddressUnusable {
        /// The address.
        address: SocketAddr,
        /// The cause.
        cause: String,
    },
    /// The system gives the server no threads, or no file descriptors for them.
    ThreadsUnavailable {
        /// The cause.
        cause: String,
    },

    /// Standard output was closed when the process began.
    OutputClosed,
    /// Standard output cannot be written.
    OutputUnwritable {
        /// The kind of the failure.
        kind: ErrorKind,
        /// The cause.
        cause: String,
    },
    /// A change was made, and its result cannot be printed.
    Unreported {
        /// The change.
        done: Done,
        /// Why its result cannot be printed.
        cause: String,
        /// How to get the result.
        next: Next,
    },
}

/// A change that a command has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// The tables are those of this version.
    DatabaseUpToDate,
    /// An empty database was filled.
    DemoFilled {
        /// How many clients it has.
        clients: i64,
        /// How many organizations it has.
        organizations: i64,
    },
    /// An administrator was made, invited or changed.
    Admin {
        /// The address.
        email: String,
        /// How.
        change: AdminChange,
    },
    /// An organization was made or changed.
    Organization {
        /// The organization.
        id: OrganizationId,
        /// Its name.
        name: String,
        /// How.
        change: OrganizationChange,
    },
    /// A client was made or changed.
    Client {
        /// The client.
        id: ClientId,
        /// How.
        change: ClientChange,
    },
    /// A participant was made or changed.
    Participant {
        /// The participant.
        id: ParticipantId,
        /// The nickname.
        nickname: String,
        /// How.
        change: ParticipantChange,
    },
    /// Participants were imported.
    ParticipantsImported {
        /// How many.
        participants: usize,
    },
}

/// What a command does with an administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminChange {
    /// It makes one.
    Created,
    /// It makes a link to join with.
    Invited,
    /// It gives another role.
    RoleSet,
    /// It disables one.
    Disabled,
    /// It enables one.
    Enabled,
    /// It replaces the password.
    PasswordReset,
}

/// What a command does with an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganizationChange {
    /// It makes it.
    Created,
    /// It gives it another name.
    Renamed,
    /// It gives it another host, or none.
    HostSet,
    /// It archives it.
    Archived,
    /// It takes the archive back.
    Restored,
}

/// What a command does with a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientChange {
    /// It makes it.
    Created,
    /// It grants permissions.
    Granted,
    /// It removes permissions.
    Removed,
    /// It suspends it.
    Suspended,
    /// It resumes it.
    Resumed,
    /// It gives it a new secret.
    Rotated,
    /// It ends one of its secrets.
    SecretEnded,
    /// It revokes all its tokens.
    TokensRevoked,
    /// It revokes it.
    Revoked,
}

/// What a command does with a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParticipantChange {
    /// It makes it.
    Created,
    /// It blocks it.
    Blocked,
    /// It takes the block back.
    Unblocked,
    /// It sets the password.
    PasswordSet,
}

/// How to get a result that could not be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// There is nothing to get.
    Nothing,
    /// A command lists the administrators.
    ListAdmins,
    /// The link is lost; the command makes another.
    InviteAgain,
    /// A command lists the organizations.
    ListOrganizations,
    /// A command lists the participants.
    ListParticipants,
    /// A command lists the clients of a demo.
    ListClients,
    /// A command shows the client.
    ShowClient(ClientId),
    /// A command lists the secrets of the client.
    ListSecrets(ClientId),
    /// A command shows the client with its new secret.
    ShowSecret(ClientId),
    /// The person chose the secret; a command shows the client.
    SecretKnown(ClientId),
    /// The new secret is lost; a command makes another.
    SecretLost(ClientId),
}

/// A variable with a value that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongVariable<'a> {
    /// The variable.
    pub name: &'a str,
    /// Its value, where that is known.
    pub value: Option<&'a str>,
    /// Why it cannot be used.
    pub reason: WrongReason<'a>,
}

/// Why the value of a variable cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongReason<'a> {
    /// It is none of these.
    NoneOf(&'a [String]),
    /// Its parser says this.
    Because(String),
    /// It is not UTF-8.
    NotUtf8,
    /// Nothing more is known.
    Unknown,
}
