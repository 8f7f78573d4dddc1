//! TLS on every connection, by a certificate from two files that can be read again.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use poem::Endpoint;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        crypto::{CryptoProvider, aws_lc_rs},
        pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject},
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
};

use super::{
    connection::{Ends, Service, turn_away},
    fault::Fault,
    http1, http2,
};

/// The first byte of a TLS handshake's record (RFC 8446 §5.1); no method of HTTP begins with it.
const HANDSHAKE: u8 = 22;
const HTTP_2: &[u8] = b"h2";
const HTTP_1_1: &[u8] = b"http/1.1";

/// Why there can be no TLS, in a sentence for whoever started the server.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("cannot read {}: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("{} holds no certificate; expected a chain in PEM, the server's own first", .0.display())]
    NoCertificate(PathBuf),
    #[error("{} holds no private key; expected one in PEM, without a passphrase", .0.display())]
    NoKey(PathBuf),
    #[error("{} is not what it should be: {reason}", path.display())]
    Malformed { path: PathBuf, reason: String },
    #[error("the key in {} is not that of the certificate in {}", key.display(), certificate.display())]
    Mismatch { certificate: PathBuf, key: PathBuf },
    #[error("cannot set up TLS: {0}")]
    Setup(rustls::Error),
}

/// What connections are protected with. Cheap to clone.
#[derive(Clone)]
pub struct Tls {
    config: Arc<ServerConfig>,
    certificate: Arc<Certificate>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Tls").field(&self.certificate).finish()
    }
}

impl Tls {
    /// Reads a chain of certificates, the server's own first, and its private key, both PEM.
    ///
    /// # Errors
    /// When a file cannot be read, does not hold what it should, or the two do not belong together.
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Tls, TlsError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let files = Files { certificate: certificate.to_owned(), key: key.to_owned() };
        let current = RwLock::new(Arc::new(files.read(&provider)?));
        let certificate = Arc::new(Certificate { files, provider: provider.clone(), current });
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Setup)?
            .with_no_client_auth()
            .with_cert_resolver(certificate.clone());
        config.alpn_protocols = vec![HTTP_2.to_vec(), HTTP_1_1.to_vec()];
        Ok(Tls { config: Arc::new(config), certificate })
    }

    /// Reads the files again, for the connections that come from now on.
    ///
    /// # Errors
    /// As [`Tls::from_files`]; what was read before then stays in use.
    pub fn reload(&self) -> Result<(), TlsError> {
        let read = Arc::new(self.certificate.files.read(&self.certificate.provider)?);
        *self.certificate.current.write().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(())
    }
}

/// Shows the certificate that was read last.
struct Certificate {
    files: Files,
    provider: Arc<CryptoProvider>,
    current: RwLock<Arc<CertifiedKey>>,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.files.fmt(formatter)
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

#[derive(Debug)]
struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

impl Files {
    fn read(&self, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
        let chain = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| unreadable(&self.certificate, error, TlsError::NoCertificate))?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate(self.certificate.clone()));
        }
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .map_err(|error| unreadable(&self.key, error, TlsError::NoKey))?;
        CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => {
                TlsError::Mismatch { certificate: self.certificate.clone(), key: self.key.clone() }
            }
            rustls::Error::InvalidCertificate(reason) => {
                malformed(&self.certificate, format!("no valid certificate ({reason:?})"))
            }
            error => malformed(&self.key, error.to_string()),
        })
    }
}

fn unreadable(path: &Path, error: pem::Error, missing: fn(PathBuf) -> TlsError) -> TlsError {
    match error {
        pem::Error::Io(error) => TlsError::Read { path: path.to_owned(), error },
        pem::Error::NoItemsFound => missing(path.to_owned()),
        error => malformed(path, error.to_string()),
    }
}

fn malformed(path: &Path, reason: String) -> TlsError {
    TlsError::Malformed { path: path.to_owned(), reason }
}

/// Serves one connection that should begin with a handshake, until its end.
pub(super) async fn serve<E>(tls: Tls, socket: TcpStream, ends: Ends, service: Arc<Service<E>>)
where
    E: Endpoint + 'static,
{
    let shaken = async {
        let mut first = [0];
        // Not taken from the socket. Whoever leaves without a word is the handshake's to find out.
        if socket.peek(&mut first).await? > 0 && first[0] != HANDSHAKE {
            return io::Result::Ok(Err(socket));
        }
        TlsAcceptor::from(tls.config).accept(socket).await.map(Ok)
    };
    let shaken = tokio::select! {
        biased;
        shaken = timeout(service.patience.head, shaken) => shaken,
        () = service.drain.cancelled() => return,
    };
    let stream = match shaken {
        Ok(Ok(Ok(stream))) => stream,
        Ok(Ok(Err(plain))) => return turn_away(plain, Fault::TlsExpected, service).await,
        Ok(Err(error)) => {
            tracing::debug!(peer = %ends.peer, %error, "a TLS handshake failed");
            return;
        }
        Err(_) => {
            tracing::debug!(peer = %ends.peer, "a TLS handshake took too long");
            return;
        }
    };
    if stream.get_ref().1.alpn_protocol() == Some(HTTP_2) {
        http2::serve(stream, ends, service).await;
        return;
    }
    // A client that names no protocol speaks what every client speaks. On the heap, to be gone when only
    // a stream is left of the connection; and so is what TLS keeps of it, which would be moved about.
    let answered = Box::pin(http1::answer(Box::new(stream), ends, service));
    let Some(live) = answered.await else { return };
    live.run().await;
}
