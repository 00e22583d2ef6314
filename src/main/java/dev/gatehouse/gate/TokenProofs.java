package dev.gatehouse.gate;

import dev.gatehouse.backchannel.OpExecutor;
import dev.gatehouse.config.GatehouseConfig.BearerBinding;
import dev.gatehouse.config.GatehouseConfig.BindingDemand;
import dev.gatehouse.config.PublicUrl;
import dev.gatehouse.token.BearerCredential;
import dev.gatehouse.token.BearerCredential.Scheme;
import dev.gatehouse.token.DpopNonces;
import dev.gatehouse.token.DpopProofVerifier;
import dev.gatehouse.token.ProofVerdict;
import dev.gatehouse.token.TokenBinding;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Has clients prove that they hold the key which their token is bound to (TH-BEAR-17 to -19).
 * Shared by all hosts, so that a proof is used up for all of them. Safe for concurrent use.
 */
final class TokenProofs implements AutoCloseable {
  private static final int QUEUE = 512;
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final BindingDemand demanded;
  private final ClientCertificates certificates;
  private final Optional<DpopNonces> nonces;
  private final DpopProofVerifier verifier;

  // A signature takes as long as fifty other requests: it must not hold up the thread that reads
  // from every connection.
  private final OpExecutor threads =
      new OpExecutor(
          "gatehouse-proof", Runtime.getRuntime().availableProcessors(), QUEUE, DEADLINE);

  /**
   * @param nonces those that proofs have to hold; empty where none is demanded
   */
  TokenProofs(
      BearerBinding settings,
      Optional<DpopNonces> nonces,
      ClientAddress clientAddress,
      Clock clock) {
    this.demanded = settings.demanded();
    this.nonces = nonces;
    this.certificates = new ClientCertificates(settings.certificateHeader(), clientAddress);
    this.verifier = new DpopProofVerifier(nonces, clock);
  }

  /**
   * Whether a token is presented as its binding asks, and its certificate has been shown. Where it
   * is bound to a key too, {@link #verify} has to follow.
   */
  boolean fits(ClientRequest request, Scheme scheme, TokenBinding binding) {
    // RFC 9449 §7.2: a bound token is no bearer token. One that is not bound proves nothing, so
    // that its proof would be worth nothing.
    if (binding.key().isPresent() != (scheme == Scheme.DPOP) || !meetsDemand(binding)) {
      return false;
    }
    return binding.certificate().isEmpty()
        || binding.certificate().equals(certificates.hash(request));
  }

  private boolean meetsDemand(TokenBinding binding) {
    return switch (demanded) {
      case OPTIONAL -> true;
      case REQUIRED -> binding.isBound();
      case DPOP -> binding.key().isPresent();
      case MTLS -> binding.certificate().isPresent();
    };
  }

  /**
   * Judges the DPoP proof of {@code request} on another thread; returns at once.
   *
   * @param key the thumbprint of the key that {@code token} is bound to
   */
  CompletionStage<ProofVerdict> verify(
      ClientRequest request, PublicUrl publicUrl, BearerCredential.Token token, String key) {
    DpopProofVerifier.Request wanted =
        new DpopProofVerifier.Request(
            request.method(), publicUrl.origin() + request.rawPath(), token.hash(), key);
    List<String> fields = List.copyOf(request.headers("DPoP"));
    return threads.call(
        () -> verifier.verify(wanted, fields), failure -> new ProofVerdict.Crowded());
  }

  /** The nonce for the next proofs; empty where none is demanded. */
  Optional<String> nonce() {
    return nonces.map(DpopNonces::current);
  }

  @Override
  public void close() {
    threads.close();
  }
}
