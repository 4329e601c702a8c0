package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"

	p "github.com/pulumi/pulumi-go-provider"
)

// run runs command (nil: nothing) as the inputs say, and keeps what it prints. An exit code other than 0 is an error
// with everything that was printed. When ctx ends (cancelled, customTimeouts, the engine gone), the command's whole
// process group is killed: a shell's children would otherwise outlive it and hold its pipes open.
func (s *State) run(ctx context.Context, command *string) error {
	if command == nil {
		return nil
	}
	args := []string{"/bin/sh", "-c"}
	if s.Interpreter != nil && len(*s.Interpreter) > 0 {
		args = append([]string{}, *s.Interpreter...)
	}
	args = append(args, *command)

	var stdout, stderr bytes.Buffer
	var printed syncBuffer
	log := p.GetLogger(ctx).InfoStatus
	stdoutLog, stderrLog := s.logger("stdout", log), s.logger("stderr", log)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout = io.MultiWriter(&stdout, &printed, stdoutLog)
	cmd.Stderr = io.MultiWriter(&stderr, &printed, stderrLog)
	cmd.Env = s.environ()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if s.Dir != nil {
		cmd.Dir = *s.Dir
	}
	if s.Stdin != nil {
		cmd.Stdin = strings.NewReader(*s.Stdin)
	}

	err := ctx.Err()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		// Not CommandContext: it stops watching when the leader exits, while children may still hold the pipes.
		stop := context.AfterFunc(ctx, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
		err = cmd.Wait()
		stop()
	}
	stdoutLog.flush()
	stderrLog.flush()
	if err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("%w: %w", ctx.Err(), err)
		}
		return fmt.Errorf("%w: running %q:\n%s", err, *command, printed.String())
	}
	s.Stdout = strings.TrimSuffix(stdout.String(), "\n")
	s.Stderr = strings.TrimSuffix(stderr.String(), "\n")
	return nil
}
