//! The strings of the tray, in one place. What the window shows comes from the interface, what notifications say from the server.

pub(crate) const PRODUCT: &str = "SCIM Setup";
pub(crate) const STARTING: &str = "Starting…";
pub(crate) const OPEN: &str = "Open SCIM Setup";
pub(crate) const COPY_BASE_URL: &str = "Copy base URL";
pub(crate) const NO_DIRECTORIES: &str = "No directories yet";
pub(crate) const PAUSE_NOTIFICATIONS: &str = "Pause notifications";
pub(crate) const QUIT: &str = "Quit SCIM Setup";
