//! Owns names that are another's and a fixed word. `names.lock` does not list them, they follow: so
//! none of these words may ever change.

use crate::case::Words;

/// `SendTextRequired`: what holds the required arguments of a request.
pub(crate) fn holder(request: &str) -> String {
    format!("{}Required", request.trim_end_matches('_'))
}

/// `TagsClient`: a chapter's methods of a client, where `Tags` has those of a session.
pub(crate) fn on_client(chapter: &str) -> String {
    format!("{}Client", chapter.trim_end_matches('_'))
}

/// `get_circle_pages`
pub(crate) fn pages(method: &str) -> String {
    format!("{method}_pages")
}

/// `get_contact_in_chunks`
pub(crate) fn in_chunks(method: &str) -> String {
    format!("{method}_in_chunks")
}

/// `send_video_and_wait`
pub(crate) fn and_wait(method: &str) -> String {
    format!("{method}_and_wait")
}

/// `SendTextReply`, unless it has another name by now.
pub(crate) fn reply(operation: &Words) -> Words {
    operation.then(&Words::of_wire("Reply"))
}

/// `SendTextReplyItem`, unless it has another name by now.
pub(crate) fn item(reply: &Words) -> Words {
    reply.then(&Words::of_wire("Item"))
}
