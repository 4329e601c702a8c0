/** certctl's rows of the loops in flight, as its database has them now. */
import type { Sql } from 'postgres';
import type { LoopRow } from './stage.ts';

/**
 * One query for all of them, as often as a probe is due, also in a stack that has been used for long: certctl has a row
 * of `audit_events` for each call that it ever answered. So only what is younger than the oldest deployment in flight is
 * looked through, and the rest is asked for by its job. (The upper bound excludes nothing: without one PostgreSQL takes
 * the range for a third of the table, and reads all jobs to go with it.)
 */
export function loopRows(sql: Sql, renewals: readonly string[]): Promise<LoopRow[]> {
  return sql<LoopRow[]>`
    WITH loops AS MATERIALIZED (
      SELECT r.id AS renewal, r.status AS renewal_status, r.last_error AS renewal_error,
             d.id AS deployment, d.status AS deployment_status, d.last_error AS deployment_error,
             d.agent_id, d.created_at AS deployed_from, v.fingerprint_sha256 AS fingerprint,
             ARRAY(
               SELECT o.id FROM agents a JOIN agents o ON o.hostname = a.hostname WHERE a.id = d.agent_id
             ) AS agents_of_host
      FROM jobs r
      LEFT JOIN LATERAL (
        SELECT id, status, last_error, agent_id, created_at FROM jobs
        WHERE certificate_id = r.certificate_id AND type = 'Deployment' AND created_at >= r.created_at
        ORDER BY created_at DESC LIMIT 1
      ) d ON true
      LEFT JOIN LATERAL (
        SELECT fingerprint_sha256 FROM certificate_versions
        WHERE certificate_id = r.certificate_id AND created_at >= r.created_at
        ORDER BY created_at DESC LIMIT 1
      ) v ON true
      WHERE r.id = ANY(${[...renewals]})
    ), recent AS MATERIALIZED (
      SELECT action, resource_id,
             timestamp - (details->>'latency_ms')::float8 * interval '1 millisecond' AS called_at
      FROM audit_events
      WHERE timestamp > (SELECT min(deployed_from) FROM loops WHERE deployment_status = 'Running')
        AND timestamp < 'infinity'
        AND (action = 'job_status_reported' AND resource_type = 'job'
          OR action = 'api_get' AND resource_type = 'api' AND resource_id LIKE '/api/v1/agents/%/work')
    ), polls AS (
      SELECT resource_id AS path, (array_agg(called_at ORDER BY called_at DESC))[2] AS last_but_one
      FROM recent WHERE action = 'api_get' GROUP BY resource_id
    ), reached AS (
      SELECT o.agent_id, max(o.created_at) AS newest
      FROM recent a JOIN jobs o ON o.id = a.resource_id
      WHERE a.action = 'job_status_reported' AND o.type = 'Deployment' GROUP BY o.agent_id
    )
    SELECT renewal, renewal_status, renewal_error, deployment, deployment_status, deployment_error, fingerprint,
           (deployment_status = 'Running') IS TRUE AND EXISTS (
             SELECT FROM audit_events a
             WHERE a.resource_type = 'job' AND a.resource_id = deployment AND a.action = 'job_status_reported'
           ) AS deployment_reported,
           (deployment_status = 'Running') IS TRUE AND (EXISTS (
             SELECT FROM audit_events a
             WHERE a.actor = ANY(l.agents_of_host) AND a.action = 'job_status_reported'
               AND a.timestamp > now() - interval '10 seconds'
           ) OR EXISTS (
             SELECT FROM jobs o JOIN audit_events a
               ON a.resource_type = 'job' AND a.resource_id = o.id AND a.action = 'job_status_reported'
             WHERE o.agent_id = ANY(l.agents_of_host) AND o.type = 'Deployment' AND o.status = 'Running'
               AND o.id <> deployment
           )) AND (reached.newest > deployed_from) IS NOT TRUE
             AND (polls.last_but_one > deployed_from) IS NOT TRUE AS agent_is_busy
    FROM loops l
    LEFT JOIN reached ON reached.agent_id = l.agent_id
    LEFT JOIN polls ON polls.path = '/api/v1/agents/' || l.agent_id || '/work'`;
}
