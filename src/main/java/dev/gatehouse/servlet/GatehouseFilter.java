package dev.gatehouse.servlet;

import dev.gatehouse.gate.Decider;
import dev.gatehouse.gate.Decision;
import dev.gatehouse.gate.Forward;
import dev.gatehouse.gate.Gate;
import dev.gatehouse.page.Page;
import dev.gatehouse.report.LeakReading;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * Gatehouse as one filter of a web application. Declare it first in {@code web.xml}, for {@code /*}
 * and for every dispatcher type, with {@code async-supported}.
 *
 * <p>The one init parameter, {@code config}, names the YAML file; without it {@code
 * GATEHOUSE_CONFIG} in the environment does, else {@code /WEB-INF/gatehouse.yaml} is read. Safe for
 * concurrent use once {@link #init} has returned.
 */
public final class GatehouseFilter implements Filter {
  private Decider decider;
  private ManagedSessions sessions;
  private ManagedBean leaks;

  /** For the container; {@link #init} makes it ready. */
  public GatehouseFilter() {}

  /** Asks {@code decider} and reads no configuration. */
  GatehouseFilter(Decider decider) {
    this.decider = decider;
  }

  /**
   * Reads and checks the configuration and opens the gate.
   *
   * @throws ServletException if the application must not start; says all that is wrong
   */
  @Override
  public void init(FilterConfig filter) throws ServletException {
    Deployment.check(filter);
    if (decider == null) {
      Gate gate = GateOpening.open(filter, System.getenv());
      sessions = ManagedSessions.offer(gate.sessions(), filter.getServletContext());
      leaks =
          ManagedBean.offer(
              gate.leakReading(), LeakReading.class, "Leaks", filter.getServletContext());
      decider = gate;
    }
  }

  /**
   * Judges a request, and lets the app see what the gate lets pass. Dispatches of a request that
   * has been judged are let through with the same user (TH-HDR-6).
   */
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest client)
        || !(response instanceof HttpServletResponse answer)) {
      throw new ServletException("Gatehouse lets nothing but HTTP pass");
    }
    DispatcherType dispatch = request.getDispatcherType();
    Optional<Passage> earlier =
        dispatch == DispatcherType.REQUEST ? Optional.empty() : Passage.of(client, this);
    if (earlier.isPresent()) {
      resume(earlier.get(), client, answer, chain);
    } else if (dispatch == DispatcherType.ERROR) {
      refuseErrorPage(client, answer);
    } else {
      judge(client, answer, chain);
    }
  }

  /** Closes the gate: sessions in memory are gone, background work ends. */
  @Override
  public void destroy() {
    if (sessions != null) {
      sessions.close();
      leaks.close();
    }
    if (decider instanceof Gate gate) {
      gate.close();
    }
  }

  private void judge(HttpServletRequest client, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Settlement settlement = new Settlement(decider, client);
    Decision decision = settlement.settle();
    if (decision instanceof Decision.ToApp toApp) {
      Forward forward = toApp.forward();
      Passage passage = new Passage(this, forward, client, settlement.body(toApp.body()));
      passage.keepIn(client);
      ContainerSession.settle(client, forward);
      GuardedResponse guarded = guarded(response, forward, client);
      chain.doFilter(new AuthenticatedRequest(client, guarded, passage), guarded);
      if (!client.isAsyncStarted()) {
        guarded.written();
      }
    } else if (decision instanceof Decision.Answer answer) {
      ContainerSession.endWith(answer, client);
      AnswerWriter.write(answer, client, response);
    } else {
      throw new ServletException("The gate has not decided");
    }
  }

  private GuardedResponse guarded(
      HttpServletResponse response, Forward forward, HttpServletRequest client) {
    return new GuardedResponse(
        response,
        forward.answer(),
        answer ->
            AnswerWriter.write(
                decider.failure(
                    new ServletExchange(client),
                    HttpServletResponse.SC_BAD_GATEWAY,
                    Page.Kind.UPSTREAM_FAILED,
                    "token-in-answer",
                    null),
                client,
                answer));
  }

  /** Containers dispatch with the request that they made themselves or with what the app passed. */
  private void resume(
      Passage passage, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletResponse guarded =
        isGuarded(response) ? response : guarded(response, passage.forward(), request);
    chain.doFilter(
        isAuthenticated(request) ? request : new AuthenticatedRequest(request, guarded, passage),
        guarded);
  }

  /**
   * An error before the gate, such as a request that the container does not understand: nobody
   * judged it, so the app's error page must not be run for it.
   */
  private void refuseErrorPage(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    int status =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                && code >= 400
            ? code
            : HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
    Page.Kind kind = status < 500 ? Page.Kind.BAD_REQUEST : Page.Kind.INTERNAL_ERROR;
    AnswerWriter.write(
        decider.failure(new ServletExchange(request), status, kind, "error-before-gate", null),
        request,
        response);
  }

  private static boolean isAuthenticated(ServletRequest request) {
    return request instanceof AuthenticatedRequest
        || (request instanceof ServletRequestWrapper wrapper
            && wrapper.isWrapperFor(AuthenticatedRequest.class));
  }

  private static boolean isGuarded(ServletResponse response) {
    return response instanceof GuardedResponse
        || (response instanceof ServletResponseWrapper wrapper
            && wrapper.isWrapperFor(GuardedResponse.class));
  }
}
