package org.fasthebb.tools.report;

import java.util.List;
import org.fasthebb.models.protocol.Method;

/**
 * Colours of the methods in the charts of the tables: told apart on light and dark paper, also by
 * the colour-blind, and the same for a method whatever others are beside it.
 */
final class MethodColours {
  private MethodColours() {}

  /** The colour of a rule or control, in either form. */
  static String of(String method) {
    return Method.named(method.replaceFirst("-fh$", "")).map(Method::colour).orElse("#56b4e9");
  }

  /** Which colour is which method. */
  static void legend(Html html, List<String> methods) {
    html.open("p", "class", "legend");
    for (String method : methods) {
      html.open("span").element("i", "", "style", "background: " + of(method));
      html.text(method).close();
    }
    html.close();
  }
}
