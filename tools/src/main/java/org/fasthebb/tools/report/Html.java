package org.fasthebb.tools.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Builds HTML and SVG. It escapes all text and attributes, and refuses elements left open. */
public final class Html {
  private final StringBuilder html = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** Opens an element; {@code attributes} are names and values in turn. */
  public Html open(String tag, String... attributes) {
    start(tag, attributes);
    open.push(tag);
    return this;
  }

  /** Closes the element that was opened last. */
  public Html close() {
    html.append("</").append(open.pop()).append(">\n");
    return this;
  }

  /** Adds text. */
  public Html text(String text) {
    html.append(escape(text));
    return this;
  }

  /** An element with text in it. */
  public Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /** An element that has no content and no end, such as img. */
  public Html single(String tag, String... attributes) {
    start(tag, attributes);
    html.append('\n');
    return this;
  }

  /** Adds HTML or CSS without escaping it. */
  public Html raw(String markup) {
    html.append(markup);
    return this;
  }

  /** Opens a web page that needs no other file, up to its body; {@link #closePage} ends it. */
  static Html openPage(String title) {
    return openPage(title, "");
  }

  /** Opens a web page whose style sheet has more rules than that of reports. */
  public static Html openPage(String title, String css) {
    Html html = new Html().raw("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
    html.single("meta", "charset", "utf-8");
    html.single("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.element("title", title).open("style").raw(ReportStyle.CSS + css).close();
    return html.close().open("body");
  }

  /** Ends the page. */
  public Html closePage() {
    return close().close();
  }

  /** Opens a table up to its body; {@link #closeTable} ends it. */
  public Html openTable(List<String> columns) {
    open("div", "class", "scroll").open("table", "class", "numbers").open("thead").open("tr");
    columns.forEach(column -> element("th", column));
    return close().close().open("tbody");
  }

  /** Ends a table. */
  public Html closeTable() {
    return close().close().close();
  }

  private void start(String tag, String... attributes) {
    html.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      html.append(' ').append(attributes[i]).append("=\"").append(escape(attributes[i + 1]));
      html.append('"');
    }
    html.append('>');
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("not closed: " + open);
    }
    return html.toString();
  }
}
