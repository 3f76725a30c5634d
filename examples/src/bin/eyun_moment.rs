//! Posts a moment with a video, and waits until it is there.

use generated_sdk::Error;
use generated_sdk::eyun::peng_you_quan::{
    AsynSnsSendVideo, AsynSnsSendVideoRequired, GetAsynSnsSendVideoRes,
};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// What the vendor asks for.
const EVERY: Duration = Duration::from_secs(2);
/// How long a video may take.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let wx = examples::log_in().await?;
    let job = wx
        .peng_you_quan()
        .asyn_sns_send_video(AsynSnsSendVideo::new(AsynSnsSendVideoRequired {
            content: "周末".to_owned(),
            video_path: "https://example.com/video.mp4".to_owned(),
            thumb_path: "https://example.com/image.jpg".to_owned(),
        }))
        .await?;
    let id = job.data.asyn_id.clone().unwrap_or_default();
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        sleep(EVERY).await;
        let request = GetAsynSnsSendVideoRes::new(&id);
        let result = wx
            .client()
            .peng_you_quan()
            .get_asyn_sns_send_video_res(request)
            .await?;
        match &result.data.id {
            Some(moment) => {
                println!("posted: {moment}");
                return Ok(());
            }
            None => println!("still under way: {:?}", result.data.type_),
        }
    }
    println!(
        "not there after {} s; it may still appear",
        PATIENCE.as_secs()
    );
    Ok(())
}
