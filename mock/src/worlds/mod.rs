//! What vendors' gateways remember: the only code that is written by hand for a vendor.

pub mod dami;
pub mod eyun;
pub mod ilink;
mod memory;
pub mod padchat;
pub mod wequick;

/// A picture where documents have a word in base64: the QR code of `http://weixin.qq.com/x/mock-login`.
const QR_CODE: &[u8] = include_bytes!("qr_code.png");
