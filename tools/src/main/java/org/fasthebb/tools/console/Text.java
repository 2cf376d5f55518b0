package org.fasthebb.tools.console;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Formats numbers and commands, the same in every locale. */
public final class Text {
  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

  private Text() {}

  public static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /** Words as "a", "a or b", "a, b or c". */
  public static String either(String... words) {
    int last = words.length - 1;
    return last == 0
        ? words[0]
        : String.join(", ", Arrays.copyOf(words, last)) + " or " + words[last];
  }

  /** 0.713 as "71.3 %". */
  public static String percent(double part) {
    return format("%.1f %%", 100 * part);
  }

  /** 12345 as "12,345". */
  public static String count(long n) {
    return format("%,d", n);
  }

  /** "one image", "2 images". */
  public static String count(long n, String what) {
    return count(n) + " " + what + (n == 1 ? "" : "s");
  }

  /** A time for people: "3.2 s", "1 min 45 s", "2 h 05 min". */
  public static String seconds(double seconds) {
    if (seconds < 59.95) {
      return format("%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? format("%d min %02d s", whole / 60, whole % 60)
        : format("%d h %02d min", whole / 3600, whole / 60 % 60);
  }

  /** A time on a clock: "0:07", "1:45", "2:05:00". */
  public static String clock(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? format("%d:%02d", whole / 60, whole % 60)
        : format("%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }

  /** A size of memory for people: "15.6 GiB", "512 MiB". */
  public static String memory(long bytes) {
    return bytes < 1L << 30
        ? format("%.0f MiB", bytes / (double) (1L << 20))
        : format("%.1f GiB", bytes / (double) (1L << 30));
  }

  /** A size for people, in MB of a million bytes, as networks have them. */
  public static String megabytes(long bytes) {
    return format("%.1f MB", bytes / 1e6);
  }

  /** Joins words to a command line, quoted so that a shell splits it into the same words. */
  public static String command(List<String> words) {
    return words.stream().map(Text::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** A row of a CSV file, quoted where needed (RFC 4180), without its end; null is empty. */
  public static String csv(List<?> fields) {
    return fields.stream()
        .map(field -> field == null ? "" : field.toString())
        .map(field ->
            field.matches("(?s).*[,\"\r\n].*") ? '"' + field.replace("\"", "\"\"") + '"' : field)
        .collect(Collectors.joining(","));
  }

  /** The name of an enum value on the command line. */
  public static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
