"""Starts the AWS emulator (MiniStack) on this machine, taught what the product's templates and tests rely on.

It listens on 127.0.0.1 only, keeps its state in one directory, and hands none of the caller's AWS settings to the
functions that it runs. It stops on SIGTERM or SIGINT, and then writes its state; after a kill it begins from a copy.
"""

import argparse
import fcntl
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

# The modules beside this one are part of a working tree, where compiled copies have no place.
sys.dont_write_bytecode = True

import snapshots

POLL_PARENT_SECONDS = 1


def main() -> None:
    arguments = parse_arguments()
    state_directory = Path(arguments.state_directory).resolve()
    running_mark = state_directory / "running"
    lock = take_state_directory(state_directory)
    prepare_state_directory(state_directory, running_mark)
    prepare_environment(arguments, state_directory)

    # They are imported only now, because MiniStack reads the environment while it is imported.
    import data_plane
    import function_environment
    import limits
    import private_names
    import provisioning
    import recording
    import resource_types
    import second_factor

    taught = (data_plane, function_environment, limits, provisioning, recording, resource_types, second_factor, snapshots)
    for module in taught:
        if problem := private_names.what_is_missing(module.PRIVATE_NAMES):
            sys.exit(problem)
    data_plane.correct()
    function_environment.correct()
    limits.correct()
    provisioning.correct()
    resource_types.register()
    recording.begin(state_directory)
    second_factor.correct()
    snapshots.keep(state_directory)
    if arguments.stop_with_parent:
        stop_with_parent()

    from ministack import app

    # MiniStack reads the command line as well, and knows none of these arguments.
    del sys.argv[1:]
    running_mark.touch()
    try:
        app.main()
    finally:
        running_mark.unlink(missing_ok=True)
        snapshots.forget(state_directory)
        lock.close()


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Starts the AWS emulator on this machine.")
    parser.add_argument("--port", type=port, required=True, help="port on 127.0.0.1")
    parser.add_argument("--account-id", type=account_id, required=True, help="account that unsigned calls belong to")
    parser.add_argument("--region", required=True, help="Region that unsigned calls belong to")
    parser.add_argument("--state-directory", required=True, help="where everything is kept; made when it is not there")
    parser.add_argument("--log-level", default="WARNING", choices=["DEBUG", "INFO", "WARNING", "ERROR"])
    parser.add_argument("--stop-with-parent", action="store_true", help="stop when the process that started this one is gone")
    return parser.parse_args()


def port(text: str) -> int:
    number = int(text)
    if not 1024 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1024 to 65535")
    return number


def account_id(text: str) -> str:
    if len(text) != 12 or not text.isdigit():
        raise argparse.ArgumentTypeError("an account id has twelve digits")
    return text


def take_state_directory(state_directory: Path):
    """Locks the directory until this process ends, however it ends."""
    state_directory.mkdir(parents=True, exist_ok=True)
    lock = (state_directory / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"Another emulator keeps its state in {state_directory}. Stop it, or name another directory.")
    return lock


def prepare_state_directory(state_directory: Path, running_mark: Path) -> None:
    """After a kill, begins from the last copy; without one it empties the directory, where buckets would be left
    without the stacks that own them."""
    parts = [state_directory / name for name in ("services", "objects", "temporary")]
    if running_mark.exists():
        if snapshots.restore(state_directory):
            print("The emulator was killed before it could write its state; it begins from a copy.", file=sys.stderr)
            shutil.rmtree(state_directory / "temporary", ignore_errors=True)
        else:
            print("The emulator was killed before it could write its state; it begins empty.", file=sys.stderr)
            for part in parts:
                shutil.rmtree(part, ignore_errors=True)
        running_mark.unlink()
    for part in parts:
        part.mkdir(exist_ok=True)
    snapshots.begin(state_directory)


def prepare_environment(arguments: argparse.Namespace, state_directory: Path) -> None:
    # The caller's account and credentials are none of this machine's account.
    for name in [name for name in os.environ if name.startswith(("AWS_", "MINISTACK_", "LAMBDA_", "LOCALSTACK_"))]:
        del os.environ[name]
    os.environ.update(
        {
            "GATEWAY_PORT": str(arguments.port),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_ACCOUNT_ID": arguments.account_id,
            "MINISTACK_REGION": arguments.region,
            "LOG_LEVEL": arguments.log_level,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state_directory / "services"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(state_directory / "objects"),
            "TMPDIR": str(state_directory / "temporary"),
            # Nothing leaves this machine, and nothing listens but the one port.
            "COGNITO_EMAIL_ENABLED": "false",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            # Functions would otherwise call the real AWS.
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{arguments.port}",
        }
    )


def stop_with_parent() -> None:
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(POLL_PARENT_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="stop-with-parent", daemon=True).start()


if __name__ == "__main__":
    main()
