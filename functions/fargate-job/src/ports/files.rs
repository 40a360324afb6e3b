//! The port on the bucket.

use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;

use super::{Aws, Files};
use crate::Error;

impl Files for Aws {
    async fn put(&self, bucket: &str, key: &str, body: Vec<u8>) -> Result<(), Error> {
        let call = self.s3.put_object().bucket(bucket).key(key);
        let sent = call.body(ByteStream::from(body)).send().await;
        sent.map(drop).map_err(|e| failure("s3:PutObject", &e))
    }

    async fn get(&self, bucket: &str, key: &str) -> Result<Option<Vec<u8>>, Error> {
        const CALL: &str = "s3:GetObject";
        let answer = match self.s3.get_object().bucket(bucket).key(key).send().await {
            Ok(answer) => answer,
            Err(e) if e.code() == Some("NoSuchKey") => return Ok(None),
            Err(e) => return Err(failure(CALL, &e)),
        };
        let body = answer.body.collect().await;
        let body = body.map_err(|e| Error::Unavailable {
            call: CALL,
            message: e.to_string(),
        })?;
        Ok(Some(body.to_vec()))
    }

    async fn keys(&self, bucket: &str, prefix: &str) -> Result<Vec<String>, Error> {
        let (mut keys, mut token) = (Vec::new(), None);
        loop {
            let call = self.s3.list_objects_v2().bucket(bucket).prefix(prefix);
            let sent = call.set_continuation_token(token).send().await;
            let page = sent.map_err(|e| failure("s3:ListBucket", &e))?;
            let found = page.contents.unwrap_or_default().into_iter();
            keys.extend(found.filter_map(|object| object.key));
            token = page.next_continuation_token;
            if token.is_none() {
                return Ok(keys);
            }
        }
    }
}

fn failure<E>(call: &'static str, error: &SdkError<E>) -> Error
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    let SdkError::ServiceError(answer) = error else {
        return Error::Unavailable {
            call,
            message: DisplayErrorContext(error).to_string(),
        };
    };
    let status = answer.raw().status().as_u16();
    let message = answer.err().message();
    let message = message.map_or_else(|| format!("HTTP status {status}"), str::to_owned);
    let code = answer.err().code().unwrap_or("an unknown code");
    Error::from_code(call, code, status, message)
}
