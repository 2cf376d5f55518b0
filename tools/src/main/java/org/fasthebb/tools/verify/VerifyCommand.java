package org.fasthebb.tools.verify;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.tools.DeviceOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fasthebb verify PATH...}: compares this program with numbers of the authors' code. */
@Command(
    name = "verify",
    description = "Recomputes golden files, recorded from the authors' code, and compares.",
    footer = {
      "",
      "Prints one line per case: its largest error, the largest that passes, and ok, FAILED or",
      "skipped (nothing here recomputes it). \"sums in double\" marks what of fine-tuning was",
      "only right so: rounding had moved an input of ReLU across 0.",
      "Exits with 1 if a case failed."
    })
public final class VerifyCommand implements Callable<Integer> {
  private static final String ENDING = ".safetensors";

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Golden files, or folders of *.safetensors files.")
  private List<Path> paths;

  @Mixin private DeviceOptions device;

  @Spec private CommandSpec spec;

  /** Without arguments yet. */
  public VerifyCommand() {}

  @Override
  public Integer call() throws IOException {
    if (device.problem().isPresent()) {
      throw usage(device.problem().get());
    }
    List<Path> files = files();
    GoldenPrinter printer = new GoldenPrinter(spec.commandLine().getOut());
    boolean unreadable = false;
    try (Backend backend = device.backend()) {
      for (Path file : files) {
        try {
          printer.print(Verification.verify(file, backend));
        } catch (CheckpointException e) {
          spec.commandLine().getErr().println("fasthebb: " + e.getMessage());
          unreadable = true;
        }
      }
    }
    printer.printSummary();
    return unreadable || printer.count(CaseResult.Outcome.FAILED) > 0 ? 1 : 0;
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        files.addAll(inside(path));
      } else if (Files.exists(path)) {
        files.add(path);
      } else {
        throw usage("There is no file or folder '" + path + "'; check the name.");
      }
    }
    return files;
  }

  private List<Path> inside(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> golden = Files.newDirectoryStream(folder, "*" + ENDING)) {
      golden.forEach(files::add);
    }
    if (files.isEmpty()) {
      throw usage("There are no *" + ENDING + " files in '" + folder + "'.");
    }
    files.sort(null);
    return files;
  }

  private CommandLine.ParameterException usage(String sentence) {
    return new CommandLine.ParameterException(spec.commandLine(), sentence);
  }
}
