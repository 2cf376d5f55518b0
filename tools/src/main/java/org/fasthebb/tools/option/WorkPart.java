package org.fasthebb.tools.option;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * One of several parts of a table or a search that machines compute at the same time.
 *
 * @param number from 0 to of-1
 * @param of the number of parts
 */
public record WorkPart(int number, int of) {
  /** The only part. */
  public static final String WHOLE = "0/1";

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})/(\\d{1,9})");

  /** Whether a piece of work belongs to this part; pieces are numbered from 0. */
  public boolean has(int piece) {
    return piece % of == number;
  }

  @Override
  public String toString() {
    return number + "/" + of;
  }

  /** Reads "0/4", the first of four. */
  public static final class WorkPartConverter implements ITypeConverter<WorkPart> {
    @Override
    public WorkPart convert(String text) {
      Matcher matcher = FORM.matcher(text.strip());
      if (matcher.matches()) {
        WorkPart part =
            new WorkPart(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        if (part.number < part.of) {
          return part;
        }
      }
      throw new TypeConversionException(
          "'" + text + "' is no part; write 0/4 to 3/4 for four machines");
    }
  }
}
