package dev.gatehouse.servlet;

import dev.gatehouse.gate.SessionControl;
import jakarta.servlet.ServletContext;

/**
 * Lets operators end sessions through JMX, and the app through its servlet context (TH-SES-13): who
 * reaches either runs in this very process, or has been let in by it.
 */
final class ManagedSessions implements AutoCloseable {
  /** The servlet context attribute that holds the {@link SessionControl}. */
  static final String ATTRIBUTE = "dev.gatehouse.sessions";

  private final ServletContext context;
  private final ManagedBean bean;

  private ManagedSessions(ServletContext context, ManagedBean bean) {
    this.context = context;
    this.bean = bean;
  }

  /** Offers {@code control}, as {@code dev.gatehouse:type=Sessions,context="/path"} in JMX. */
  static ManagedSessions offer(SessionControl control, ServletContext context) {
    context.setAttribute(ATTRIBUTE, control);
    return new ManagedSessions(
        context, ManagedBean.offer(control, SessionControl.class, "Sessions", context));
  }

  /** Takes the offer back. */
  @Override
  public void close() {
    context.removeAttribute(ATTRIBUTE);
    bean.close();
  }
}
