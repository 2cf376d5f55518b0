package org.fasthebb.tools.command;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.tools.console.Failures;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.DeviceOptions;
import org.fasthebb.tools.verify.CaseResult;
import org.fasthebb.tools.verify.GoldenPrinter;
import org.fasthebb.tools.verify.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code fasthebb verify PATH...}: compares this program with numbers of the authors' code. */
@Command(
    name = "verify",
    description = "Recompute golden files, recorded from the authors' code, and compare.",
    footer = {
      "",
      "Prints one line per case: its largest error, the largest that passes, and ok, FAILED or"
          + " skipped (this program does not recompute it). \"sums in double\" marks tensors of"
          + " fine-tuning that only agree with sums in double precision, because rounding had moved"
          + " an input of ReLU across 0. Exits with 1 if a case failed, if all were skipped, or if"
          + " a file cannot be read or has no case.",
      "",
      "Example:",
      "  ./fasthebb verify golden"
    })
public final class VerifyCommand extends ToolCommand {
  private static final String ENDING = ".safetensors";

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Golden files, or folders of *.safetensors files.")
  private List<Path> paths;

  @Mixin private DeviceOptions device;

  /** Made by picocli. */
  public VerifyCommand() {}

  @Override
  public Integer call() throws IOException {
    device.check(this);
    List<Path> files = files();
    GoldenPrinter printer = new GoldenPrinter(out());
    boolean unreadable = false;
    try (Backend backend = device.backend()) {
      for (Path file : files) {
        try {
          List<CaseResult> cases = Verification.verify(file, backend);
          printer.print(cases);
          if (cases.isEmpty()) {
            throw new CheckpointException(
                file + " holds no expected values, so nothing was compared; name a golden file");
          }
        } catch (CheckpointException e) {
          err().println("fasthebb: " + e.getMessage() + ".");
          unreadable = true;
        }
      }
    }
    printer.printSummary();
    int failed = printer.count(CaseResult.Verdict.FAILED);
    boolean compared = failed > 0 || printer.count(CaseResult.Verdict.OK) > 0;
    if (!compared && !unreadable) {
      throw new CheckpointException(
          "all cases were skipped, so nothing was compared; name a golden file with cases that this"
              + " program recomputes");
    }
    return unreadable || failed > 0 ? Failures.FAILED : 0;
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        files.addAll(inside(path));
      } else {
        require(Files.exists(path), "there is no file or folder '" + path + "'; check the name.");
        files.add(path);
      }
    }
    return files;
  }

  private List<Path> inside(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> golden = Files.newDirectoryStream(folder, "*" + ENDING)) {
      golden.forEach(files::add);
    }
    require(!files.isEmpty(), "there are no *" + ENDING + " files in '" + folder + "'.");
    files.sort(null);
    return files;
  }
}
