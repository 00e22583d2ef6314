package dev.gatehouse.cli;

import dev.gatehouse.config.ConfigProblem;
import dev.gatehouse.config.ConfigProblem.Severity;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.Loopback;
import dev.gatehouse.config.UpstreamTarget;
import dev.gatehouse.config.UpstreamTrust;
import java.io.IOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * Asks the app as somebody would who goes past the gateway (TH-HDR-14): whoever gets an answer
 * there can say that he is anybody.
 */
final class DirectAccess {
  private static final String UNREACHABLE = "upstream-unreachable";

  private final GatehouseConfig config;

  DirectAccess(GatehouseConfig config) {
    this.config = config;
  }

  /** What is wrong with each target, or may be; empty when all is well or there is none. */
  List<ConfigProblem> problems() throws InterruptedException {
    List<ConfigProblem> problems = new ArrayList<>();
    for (UpstreamTarget target : config.upstreams().targets()) {
      ask(target).ifPresent(problems::add);
    }
    return problems;
  }

  /**
   * As {@link #problems}, where an answer could tell anything and without a word of an app that is
   * down: it may start after the gateway.
   */
  List<ConfigProblem> problemsAtStart() throws InterruptedException {
    List<ConfigProblem> problems = new ArrayList<>();
    for (UpstreamTarget target : config.upstreams().targets()) {
      if (target.socket().isEmpty() && (config.upstreamTrust().isGuarded() || !target.isLocal())) {
        ask(target).filter(problem -> !problem.code().equals(UNREACHABLE)).ifPresent(problems::add);
      }
    }
    return problems;
  }

  private Optional<ConfigProblem> ask(UpstreamTarget target) throws InterruptedException {
    return target.socket().isPresent() ? knock(target) : ask(target.origin());
  }

  /** Who gets to a socket is the file system's affair. */
  private static Optional<ConfigProblem> knock(UpstreamTarget target) {
    Path socket = target.socket().orElseThrow();
    try {
      SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(unreachable(target.toString()));
    }
  }

  private static ConfigProblem unreachable(String target) {
    return warning(
        UNREACHABLE, "upstream", target + " does not answer; start the app, or mend the address");
  }

  private Optional<ConfigProblem> ask(URI upstream) throws InterruptedException {
    UpstreamTrust trust = config.upstreamTrust();
    try {
      SSLParameters tls = new SSLParameters();
      trust.serverName().ifPresent(name -> tls.setServerNames(List.of(new SNIHostName(name))));
      HttpClient client =
          HttpClient.newBuilder()
              .sslParameters(tls)
              .connectTimeout(config.limits().connectTimeout())
              .followRedirects(HttpClient.Redirect.NEVER)
              .version(HttpClient.Version.HTTP_1_1)
              .sslContext(DirectTls.context(trust))
              .build();
      HttpRequest request =
          HttpRequest.newBuilder(upstream.resolve("/"))
              .method("HEAD", BodyPublishers.noBody())
              .timeout(config.limits().responseTimeout())
              .build();
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      return open(upstream, trust, status);
    } catch (IOException e) {
      // Without our certificate there is no connection: that is what it is for.
      boolean wanted =
          trust.certificate().isPresent()
              && (e instanceof SSLException || e.getCause() instanceof SSLException);
      return wanted ? Optional.empty() : Optional.of(unreachable(upstream.toString()));
    } catch (GeneralSecurityException e) {
      return Optional.of(
          warning("bad-pem", "upstream-tls.ca-bundle", "cannot be used: " + e.getMessage()));
    }
  }

  private static Optional<ConfigProblem> open(URI upstream, UpstreamTrust trust, int status) {
    boolean refused = status == 401 || status == 403 || status == 407;
    if (trust.isGuarded() && !refused) {
      return Optional.of(
          warning(
              "upstream-open",
              trust.secret().isPresent() ? "upstream-secret" : "upstream-tls",
              "is not asked for: "
                  + upstream
                  + " answers a request without it with "
                  + status
                  + ", so whoever reaches the app can say that he is anybody; have the app refuse"
                  + " such requests"));
    }
    return trust.isGuarded() || Loopback.isHost(upstream.getHost())
        ? Optional.empty()
        : Optional.of(
            warning(
                "upstream-unguarded",
                "upstream",
                upstream
                    + " is on another machine and has nothing to know the gateway by: whoever"
                    + " reaches it can say that he is anybody; see to it that nobody does, or set"
                    + " upstream-secret or upstream-tls"));
  }

  private static ConfigProblem warning(String code, String key, String message) {
    return new ConfigProblem(Severity.WARNING, code, key, 0, message);
  }
}
