package org.fasthebb.tools.report;

import java.util.List;
import org.fasthebb.models.protocol.Method;

/**
 * Colours of the methods in the charts of the tables. They differ on light and dark backgrounds,
 * also for the colour-blind, and a method always has the same colour.
 */
final class MethodColours {
  private MethodColours() {}

  /** The colour of a rule or control, in either form. */
  static String of(String method) {
    return Method.named(method.replaceFirst("-fh$", "")).map(Method::colour).orElse("#56b4e9");
  }

  /** Adds the legend that gives each method's colour. */
  static void legend(Html html, List<String> methods) {
    html.open("p", "class", "legend");
    for (String method : methods) {
      html.open("span").element("i", "", "style", "background: " + of(method));
      html.text(method).close();
    }
    html.close();
  }
}
