package org.fasthebb.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.fasthebb.models.distributed.Checkpoints;

/** Checkpoints in a folder of the job's file system. The newest two are kept. */
final class JobCheckpoints implements Checkpoints {
  private static final String PREFIX = "step-";
  private static final String SUFFIX = ".safetensors";

  private final Path folder;
  private final java.nio.file.Path local;
  private final FileSystem files;

  /**
   * Checkpoints of a job.
   *
   * @param local folder for a copy of the newest
   */
  JobCheckpoints(String folder, java.nio.file.Path local) throws IOException {
    this.folder = new Path(folder);
    this.local = local;
    files = this.folder.getFileSystem(SparkHadoopUtil.get().conf());
  }

  /** Whole checkpoints, the oldest first. */
  private List<Path> kept() throws IOException {
    List<Path> kept = new ArrayList<>();
    if (files.exists(folder)) {
      for (FileStatus status : files.listStatus(folder)) {
        String name = status.getPath().getName();
        if (name.startsWith(PREFIX) && name.endsWith(SUFFIX)) {
          kept.add(status.getPath());
        }
      }
    }
    kept.sort(Comparator.comparing(Path::getName));
    return kept;
  }

  @Override
  public java.nio.file.Path newest() throws IOException {
    List<Path> kept = kept();
    if (kept.isEmpty()) {
      return null;
    }
    java.nio.file.Path copy = local.resolve(kept.getLast().getName());
    files.copyToLocalFile(false, kept.getLast(), new Path(copy.toUri()), true);
    return copy;
  }

  @Override
  public void keep(java.nio.file.Path file, long step) throws IOException {
    Path target = new Path(folder, String.format(Locale.ROOT, "%s%010d%s", PREFIX, step, SUFFIX));
    Path part = new Path(folder, "." + target.getName() + ".part");
    files.mkdirs(folder);
    files.copyFromLocalFile(false, true, new Path(file.toUri()), part);
    files.delete(target, false);
    if (!files.rename(part, target)) {
      throw new IOException("cannot rename " + part + " to " + target);
    }
    List<Path> kept = kept();
    for (Path old : kept.subList(0, Math.max(0, kept.size() - 2))) {
      files.delete(old, false);
    }
  }
}
