package org.fasthebb.tools.option;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.ReadOut;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Option;

/** Options of how the labels of a Table 2 are learned. */
public final class ProtocolOptions {
  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      defaultValue = "paper",
      description =
          "How labels are learned: paper (as the paper does) or best (ridge regression on fixed"
              + " features, with self-training, beside untrained controls with the same read-out"
              + " and the best numbers of the paper). Default: ${DEFAULT-VALUE}.")
  private Protocol protocol;

  @Option(
      names = "--read-out",
      paramLabel = "KIND",
      converter = ReadOutOptions.ReadOutConverter.class,
      description =
          "What learns the labels, as for fasthebb run. Default: that of the protocol. The control"
              + " supervised is always fine-tuned, because it learns in no other way.")
  private ReadOut readOut;

  @Option(
      names = "--self-training",
      paramLabel = "ROUNDS",
      description =
          "The most rounds of self-training of ridge, as for fasthebb run. Default: 0 by the"
              + " protocol paper, 3 by best.")
  private Integer rounds;

  @Option(
      names = "--label-sets",
      paramLabel = "K",
      description =
          "Number of sets of labelled images that each network is read out with. Sets share the"
              + " network, its features and the images held out, so more of them cost little by the"
              + " protocol best. All labels are one set. Default: 1 by the protocol paper, 5 by"
              + " best.")
  private Integer labelSets;

  private ProtocolOptions() {}

  /** Refuses values that are out of range, and warns of options without effect. */
  public void check(ToolCommand command, List<Method> methods) {
    Parameter.SELF_TRAINING.check(command, rounds);
    command.require(
        labelSets == null || labelSets >= 1,
        "--label-sets is " + labelSets + "; it must be at least 1");
    for (Parameter parameter : List.of(Parameter.SELF_TRAINING, Parameter.FINE_TUNE_EPOCHS)) {
      boolean used =
          methods.stream().anyMatch(method -> parameter.isUsedBy(method, readOut(method)));
      if (command.isGiven("--" + parameter) && !used) {
        Method first = methods.getFirst();
        command.warn(
            "--" + parameter + " has no effect with " + parameter.users(first, readOut(first)));
      }
    }
  }

  /** The protocol, which decides on all that is not given. */
  public Protocol protocol() {
    return protocol;
  }

  /** What learns the labels after pre-training by a method. */
  public ReadOut readOut(Method method) {
    if (method.isSupervised()) {
      return ReadOut.FINE_TUNE;
    }
    return readOut == null ? protocol.readOut(method) : readOut;
  }

  /** The number of sets of labels of each network. */
  public int labelSets() {
    return labelSets == null ? protocol.labelSets() : labelSets;
  }

  /** The most rounds of self-training. */
  public int selfTraining() {
    return rounds == null ? protocol.selfTraining() : rounds;
  }

  /** All that is not the default, as words. */
  public List<String> unusual() {
    List<String> words = new ArrayList<>();
    if (protocol != Protocol.PAPER) {
      words.add("protocol=" + Text.name(protocol));
    }
    if (readOut != null) {
      words.add("read-out=" + readOut);
    }
    if (rounds != null) {
      words.add("self-training=" + rounds);
    }
    return words;
  }
}
