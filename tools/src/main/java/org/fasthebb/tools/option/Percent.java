package org.fasthebb.tools.option;

import org.fasthebb.tools.console.Text;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A share in percent, such as that of the labels.
 *
 * @param percent from 0 to 100
 */
public record Percent(double percent) {
  /** The share, from 0 to 1. */
  public double fraction() {
    return percent / 100;
  }

  /** The shortest digits without the percent sign: "2", "0.5". */
  public String digits() {
    return percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
  }

  /** The percentage of a fraction, without the digits that binary fractions add. */
  public static Percent of(double fraction) {
    return new Percent(Double.parseDouble(Text.format("%.9g", 100 * fraction)));
  }

  @Override
  public String toString() {
    return digits() + "%";
  }

  /** Reads "1%" or "1", both one percent. */
  public static final class PercentConverter implements ITypeConverter<Percent> {
    @Override
    public Percent convert(String text) {
      String number = text.strip();
      if (number.endsWith("%")) {
        number = number.substring(0, number.length() - 1).strip();
      }
      double percent;
      try {
        percent = Double.parseDouble(number);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + text + "' is no percentage; write 1% or 0.5%");
      }
      // Written so that NaN fails too.
      if (!(percent >= 0 && percent <= 100)) {
        throw new TypeConversionException(
            "'" + text + "' is out of range; it must be from 0% to 100%");
      }
      return new Percent(percent);
    }
  }
}
