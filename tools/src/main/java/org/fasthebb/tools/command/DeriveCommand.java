package org.fasthebb.tools.command;

import static java.util.stream.Collectors.joining;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.tools.console.Failures;
import org.fasthebb.tools.console.TerminalWriter;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.derive.Derivations;
import org.fasthebb.tools.derive.LayerSize;
import org.fasthebb.tools.derive.Lesson;
import org.fasthebb.tools.option.DeviceOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fasthebb derive NAME}: executes a derivation of the paper, law by law. */
@Command(
    name = "derive",
    description = "Derive a fast rule from its definition, law by law, checked and measured.",
    subcommands = {ExerciseCommand.class, ExerciseCheckCommand.class},
    footer = {
      "",
      "Every step prints the law, the equation before and after it, the engine calls that compute"
          + " it with their shapes, multiplications, memory, time at the size of the layer, the"
          + " largest difference from the equation before in float64, and ok or FAILED. Exits with"
          + " 1 if an equation failed.",
      "",
      "Examples:",
      "  ./fasthebb derive hpca --layer conv2",
      "  ./fasthebb derive swta --html swta.html"
    })
public final class DeriveCommand extends ToolCommand {
  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description =
          "What to derive: swta (soft winner-takes-all, eq. 1 to 6), hpca (Hebbian PCA, eq. 2 to"
              + " 8), residual (eq. 8 for wide layers), statistics (sums over shards), oja (Oja's"
              + " rule) or convolution (and its gradients).")
  private Derivations which;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      defaultValue = "small",
      description = "The network whose layer gives the sizes. Default: ${DEFAULT-VALUE}.")
  private String architecture;

  @Option(
      names = "--layer",
      paramLabel = "LAYER",
      defaultValue = "conv2",
      description = "The layer that gives the sizes. Default: ${DEFAULT-VALUE}.")
  private String layer;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "Images per batch, which give the number of patches. Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(names = "--no-times", description = "Do not measure times, which takes longest.")
  private boolean untimed;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also write the derivation as a web page that needs no other file.")
  private Path html;

  @Mixin private DeviceOptions device;

  private DeriveCommand() {}

  @Override
  public Integer call() throws CheckpointException {
    require(
        which != null,
        "derive needs a name: one of "
            + Stream.of(Derivations.values()).map(Object::toString).collect(joining(", "))
            + "; or the command exercise");
    device.check(this);
    if (html != null) {
      requirePage(html);
    }
    LayerSize size = size();
    TerminalWriter out = out();
    try (Backend backend = device.backend()) {
      Lesson lesson =
          new Lesson(
              which,
              size,
              backend,
              !untimed,
              line -> {
                out.println(line);
                out.flush();
              },
              Charset.forName(System.getProperty("stdout.encoding", "UTF-8")));
      if (html != null) {
        AtomicFile.writeString(html, lesson.page());
      }
      return lesson.isRight() ? 0 : Failures.FAILED;
    }
  }

  private LayerSize size() {
    Architecture network = Architecture.named(architecture).orElse(null);
    require(
        network != null,
        "--architecture is '" + architecture + "'; use one of " + Architecture.names());
    require(
        LayerSize.layers(network).contains(layer),
        "--layer is '%s'; use one of %s"
            .formatted(layer, String.join(", ", LayerSize.layers(network))));
    require(batch >= 1 && batch <= 4096, "--batch is " + batch + "; it must be from 1 to 4096");
    return LayerSize.of(network, layer, batch);
  }
}
