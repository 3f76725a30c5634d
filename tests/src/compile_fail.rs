//! Owns mistakes that must not compile, each with the code of the compiler's error.
//!
//! What is required and not given, by name:
//!
//! ```compile_fail,E0063
//! use generated_sdk::eyun::xiao_xi_fa_song::{SendUrl, SendUrlRequired};
//!
//! let request = SendUrl::new(SendUrlRequired { wc_id: "filehelper".into(), title: "标题".into() });
//! ```
//!
//! What is required and not given, by position:
//!
//! ```compile_fail,E0061
//! use generated_sdk::eyun::xiao_xi_fa_song::SendText;
//!
//! let request = SendText::new("filehelper");
//! ```
//!
//! A `WcId` where a `WId` belongs:
//!
//! ```compile_fail,E0277
//! use generated_sdk::eyun::{Client, WcId};
//!
//! fn open(client: &Client) {
//!     client.instance(WcId::from("filehelper"));
//! }
//! ```
//!
//! An instance's operation on the client, by its module:
//!
//! ```compile_fail,E0599
//! use generated_sdk::eyun::Client;
//!
//! fn send(client: &Client) {
//!     client.xiao_xi_fa_song();
//! }
//! ```
//!
//! And by the generic call:
//!
//! ```compile_fail,E0271
//! use generated_sdk::eyun::{Client, xiao_xi_fa_song::SendText};
//!
//! fn send(client: &Client) {
//!     let call = client.call(SendText::new("filehelper", "你好"));
//! }
//! ```
//!
//! Two of what excludes each other, and neither:
//!
//! ```compile_fail,E0061
//! use generated_sdk::padchat::yong_hu_guan_li::{AddContact, AddContactTarget};
//!
//! let user = AddContactTarget::UserId("wxid_a".into());
//! let stranger = AddContactTarget::Stranger("v1_a".into());
//! let request = AddContact::new(user, stranger, "你好");
//! ```
//!
//! ```compile_fail,E0061
//! use generated_sdk::padchat::yong_hu_guan_li::AddContact;
//!
//! let request = AddContact::new("你好");
//! ```
//!
//! One of them is right:
//!
//! ```
//! use generated_sdk::padchat::yong_hu_guan_li::{AddContact, AddContactTarget};
//!
//! let request = AddContact::new(AddContactTarget::UserId("wxid_a".into()), "你好");
//! ```
//!
//! The same, done right:
//!
//! ```
//! use generated_sdk::eyun::{Client, WId, xiao_xi_fa_song::SendText};
//!
//! fn send(client: &Client) {
//!     let wx = client.instance(WId::from("the wId"));
//!     let call = wx.call(SendText::new("filehelper", "你好"));
//! }
//! ```
