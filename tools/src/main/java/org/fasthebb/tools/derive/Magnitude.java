package org.fasthebb.tools.derive;

import java.util.List;
import org.fasthebb.tools.console.Text;

/** Large numbers for people: 1,234 or 38.7 G. */
final class Magnitude {
  private static final List<String> PREFIXES = List.of("k", "M", "G", "T", "P", "E");

  private Magnitude() {}

  /** A size of memory: "1.33 MB". */
  static String bytes(long bytes) {
    return bytes < 10_000 ? Text.count(bytes) + " B" : of(bytes) + "B";
  }

  /** Three digits and a prefix of thousands: "38.7 G"; below 10,000 all digits. */
  static String of(long number) {
    if (number < 10_000) {
      return Text.count(number);
    }
    double scaled = number;
    int prefix = -1;
    while (scaled >= 999.5) {
      scaled /= 1000;
      prefix++;
    }
    String digits = scaled < 9.995 ? "%.2f" : scaled < 99.95 ? "%.1f" : "%.0f";
    return Text.format(digits, scaled) + " " + PREFIXES.get(prefix);
  }
}
