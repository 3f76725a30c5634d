//! What vendors' gateways remember: the only code that is written by hand for a vendor.

pub mod dami;
pub mod eyun;
pub mod padchat;
pub mod wequick;
