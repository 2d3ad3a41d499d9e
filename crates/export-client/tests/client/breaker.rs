//! A proxy that cuts each connection after so many bytes of answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

pub(crate) struct Breaker {
    pub(crate) url: Url,
    listener: TcpListener,
    cuts: Arc<AtomicUsize>,
}

impl Breaker {
    pub(crate) async fn bind() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        Self { url, listener, cuts: Arc::default() }
    }

    /// Forwards to `target`; the number of connections that were cut, as it grows.
    pub(crate) fn start(self, target: &Url, limit: usize) -> Arc<AtomicUsize> {
        let (target, cuts) = (target.socket_addrs(|| None).unwrap()[0], Arc::clone(&self.cuts));
        tokio::spawn(async move {
            while let Ok((inner, _)) = self.listener.accept().await {
                let cuts = Arc::clone(&self.cuts);
                tokio::spawn(async move {
                    if let Ok(outer) = TcpStream::connect(target).await {
                        forward(inner, outer, limit, &cuts).await;
                    }
                });
            }
        });
        cuts
    }
}

async fn forward(inner: TcpStream, outer: TcpStream, limit: usize, cuts: &AtomicUsize) {
    let (mut requests, mut client) = inner.into_split();
    let (mut answers, mut server) = outer.into_split();
    let up = tokio::spawn(async move { tokio::io::copy(&mut requests, &mut server).await });
    let (mut left, mut buffer) = (limit, vec![0; 16 << 10]);
    while let Ok(count @ 1..) = answers.read(&mut buffer).await {
        let count = count.min(left);
        if client.write_all(&buffer[..count]).await.is_err() {
            break;
        }
        left -= count;
        if left == 0 {
            cuts.fetch_add(1, Ordering::Relaxed);
            break;
        }
    }
    up.abort();
}
