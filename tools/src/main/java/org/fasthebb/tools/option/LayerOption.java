package org.fasthebb.tools.option;

import java.util.List;
import java.util.Locale;
import org.fasthebb.tools.console.Suggestion;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Option;

/** Option: which layer of a network gives the features. */
public final class LayerOption {
  @Option(
      names = "--layer",
      paramLabel = "NAME",
      description = "Use features of this layer, such as conv1, pool1 or bn4. Default: the last.")
  private String name;

  private LayerOption() {}

  /** Whether the user gave it. */
  public boolean isGiven() {
    return name != null;
  }

  /**
   * The name of the layer.
   *
   * @param command for the refusal of a name that is not one of them
   * @param layers those of the network, from the input upwards
   */
  public String among(ToolCommand command, List<String> layers) {
    command.require(
        name == null || layers.contains(name),
        "--layer is "
            + name
            + "; the network has "
            + String.join(", ", layers)
            + Suggestion.of(String.valueOf(name).toLowerCase(Locale.ROOT), layers));
    return name == null ? layers.getLast() : name;
  }
}
