package org.fasthebb.tools.search;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.ReadOut;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.Parameter;
import org.fasthebb.tools.option.WorkPart;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options: what to search, and how long. */
public final class SearchOptions {
  @Option(
      names = "--space",
      paramLabel = "NAME=VALUE[,VALUE]",
      arity = "1..*",
      split = "\\s+",
      splitSynopsisLabel = " ",
      required = true,
      converter = AxisConverter.class,
      description =
          "Values to try for one or more of the options eta, temperature, winners, zca-epsilon,"
              + " epochs, batch, rate, decay, dropout and fine-tune-epochs. All other options keep"
              + " the value given here, or their default. @FILE in place of the values reads them"
              + " from a file.")
  private List<SearchAxis> axes = new ArrayList<>();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1",
      description = "Average over N seeds, from --seed upwards. Default: ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "50",
      description = "Evaluate at most N combinations. Default: ${DEFAULT-VALUE}.")
  private int trials;

  @Option(
      names = "--part",
      paramLabel = "I/N",
      converter = WorkPart.WorkPartConverter.class,
      description =
          "Only run one of the next N trainings, from 0/N to N-1/N, each on a machine of its own. A"
              + " training is a combination with one seed. Number 0 is needed; the others are, too,"
              + " unless one before them is better than all so far. With the results of all parts"
              + " in one folder, go on in the same way until nothing is left to train; then the"
              + " command without this option writes the table. Default: the whole search.")
  private WorkPart part;

  private SearchOptions() {}

  public void check(ToolCommand command, Method method, ReadOut readOut) {
    command.require(seeds >= 1, "--seeds is " + seeds + "; it must be at least 1");
    command.require(trials >= 1, "--trials is " + trials + "; it must be at least 1");
    for (SearchAxis axis : axes) {
      Parameter parameter = axis.parameter();
      command.require(
          axes.stream().filter(other -> other.parameter() == parameter).count() == 1,
          "--space has " + parameter + " more than once; put all its values together");
      command.require(
          parameter.isUsedBy(method, readOut),
          "--space has "
              + parameter
              + ", which has no effect with "
              + parameter.users(method, readOut));
    }
  }

  public Space space() {
    return new Space(axes);
  }

  public int seeds() {
    return seeds;
  }

  public int trials() {
    return trials;
  }

  /** What to run of the search; null for all. */
  public WorkPart part() {
    return part;
  }

  /** Reads "rate=1e-4,1e-3". */
  static final class AxisConverter implements ITypeConverter<SearchAxis> {
    @Override
    public SearchAxis convert(String text) {
      try {
        return SearchAxis.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
